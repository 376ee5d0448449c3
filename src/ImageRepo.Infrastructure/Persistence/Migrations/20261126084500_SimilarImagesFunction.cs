using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageRepo.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class SimilarImagesFunction : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"{PictureBands.Rename} {PictureBands.Create} {PictureBands.DropRenamed}");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"{PictureBands.Drop} {SimilarPictures.CreateIndexes}");
    }
}
