using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageRepo.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class SimilarPictures : Migration
    {
        // One index for each band of 16 bits, with all that PictureIndex reads, so that it never visits the wide rows of the table. Every image has had its hash since the first version.
        internal const string CreateIndexes = """
            create index ix_image_picture_band0 on image (owner_id, ((perceptual_hash >> 0 & 65535)::int), perceptual_hash, id) where deleted_at is null and perceptual_hash <> 0;
            create index ix_image_picture_band1 on image (owner_id, ((perceptual_hash >> 16 & 65535)::int), perceptual_hash, id) where deleted_at is null and perceptual_hash <> 0;
            create index ix_image_picture_band2 on image (owner_id, ((perceptual_hash >> 32 & 65535)::int), perceptual_hash, id) where deleted_at is null and perceptual_hash <> 0;
            create index ix_image_picture_band3 on image (owner_id, ((perceptual_hash >> 48 & 65535)::int), perceptual_hash, id) where deleted_at is null and perceptual_hash <> 0;
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(CreateIndexes);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            "drop index ix_image_picture_band0, ix_image_picture_band1, ix_image_picture_band2, ix_image_picture_band3;");
    }
}
