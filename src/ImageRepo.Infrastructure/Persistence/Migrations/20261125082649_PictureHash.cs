using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageRepo.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class PictureHash : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "picture_hash",
                table: "image",
                type: "bytea",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_image_owner_id_picture_hash",
                table: "image",
                columns: new[] { "owner_id", "picture_hash" },
                filter: "picture_hash is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_image_owner_id_picture_hash",
                table: "image");

            migrationBuilder.DropColumn(
                name: "picture_hash",
                table: "image");
        }
    }
}
