using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageRepo.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class SortedLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_image_owner_id_byte_size_id",
                table: "image",
                columns: new[] { "owner_id", "byte_size", "id" },
                descending: new[] { false, false, true });

            migrationBuilder.CreateIndex(
                name: "ix_image_owner_id_file_name_id",
                table: "image",
                columns: new[] { "owner_id", "file_name", "id" },
                descending: new[] { false, false, true });

            migrationBuilder.CreateIndex(
                name: "ix_image_owner_id_uploaded_at_id",
                table: "image",
                columns: new[] { "owner_id", "uploaded_at", "id" },
                descending: new[] { false, false, true });

            // What has no time comes last in both directions: as lists are ordered by these expressions, so are the indexes.
            migrationBuilder.Sql("""
                create index ix_image_owner_id_taken_at_id on image (owner_id, coalesce(taken_at, 'infinity'::timestamptz), id desc);
                create index ix_image_owner_id_taken_at_desc_id on image (owner_id, coalesce(taken_at, '-infinity'::timestamptz) desc, id desc);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop index ix_image_owner_id_taken_at_id; drop index ix_image_owner_id_taken_at_desc_id;");

            migrationBuilder.DropIndex(
                name: "ix_image_owner_id_byte_size_id",
                table: "image");

            migrationBuilder.DropIndex(
                name: "ix_image_owner_id_file_name_id",
                table: "image");

            migrationBuilder.DropIndex(
                name: "ix_image_owner_id_uploaded_at_id",
                table: "image");
        }
    }
}
