using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageRepo.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class TwinsIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_image_owner_id_content_hash_twins",
                table: "image",
                columns: new[] { "owner_id", "content_hash" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_image_owner_id_content_hash_twins",
                table: "image");
        }
    }
}
