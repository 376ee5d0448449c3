using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

namespace ImageRepo.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class RecognizedText : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "recognized_text",
                table: "image",
                type: "character varying(20000)",
                maxLength: 20000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "text",
                table: "image",
                type: "jsonb",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.Sql(ImageDocument.AddRecognizedText);

            migrationBuilder.AlterColumn<NpgsqlTsVector>(
                name: "search_vector",
                table: "image",
                type: "tsvector",
                nullable: true,
                computedColumnSql: "image_document(file_name, owner_alt_text, owner_description, analyzer_description, tag_names, recognized_text)",
                stored: true,
                oldClrType: typeof(NpgsqlTsVector),
                oldType: "tsvector",
                oldNullable: true,
                oldComputedColumnSql: "image_document(file_name, owner_alt_text, owner_description, analyzer_description, tag_names)",
                oldStored: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<NpgsqlTsVector>(
                name: "search_vector",
                table: "image",
                type: "tsvector",
                nullable: true,
                computedColumnSql: "image_document(file_name, owner_alt_text, owner_description, analyzer_description, tag_names)",
                stored: true,
                oldClrType: typeof(NpgsqlTsVector),
                oldType: "tsvector",
                oldNullable: true,
                oldComputedColumnSql: "image_document(file_name, owner_alt_text, owner_description, analyzer_description, tag_names, recognized_text)",
                oldStored: true);

            migrationBuilder.Sql(ImageDocument.RemoveRecognizedText);

            migrationBuilder.DropColumn(
                name: "recognized_text",
                table: "image");

            migrationBuilder.DropColumn(
                name: "text",
                table: "image");
        }
    }
}
