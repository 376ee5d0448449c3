using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace ImageRepo.Infrastructure.Persistence.Configurations;

internal sealed class ImageConfiguration : IEntityTypeConfiguration<Image>
{
    /// <summary>Shadow properties that <see cref="ImageIndex"/> writes: tags as PostgreSQL can search and recheck them.</summary>
    public const string TagIds = nameof(TagIds);
    public const string TagNames = nameof(TagNames);
    public const string SearchVector = nameof(SearchVector);

    // A second index of the same columns needs a name.
    private const string Twins = "ix_image_owner_id_content_hash_twins";

    public void Configure(EntityTypeBuilder<Image> image)
    {
        image.ToTable("image");
        image.HasKey(i => i.Id);
        image.Property(i => i.Id).ValueGeneratedNever();
        image.HasOne<OwnerCount>().WithMany().HasForeignKey(i => i.OwnerId).OnDelete(DeleteBehavior.Cascade);

        image.Property(i => i.FileName).HasMaxLength(PlainText.FileNameMaxLength);
        image.Property(i => i.OwnerAltText).HasMaxLength(PlainText.AltTextMaxLength);
        image.Property(i => i.OwnerDescription).HasMaxLength(PlainText.DescriptionMaxLength);
        image.Property(i => i.Colors).IsJson();
        image.Property(i => i.DominantColors).IsJson();
        image.Property(i => i.Exif).IsJson();
        image.Property(i => i.Renditions).IsJson();
        image.Property(i => i.Tags).IsJson();
        image.Property(i => i.RejectedTags).IsJson();
        image.Property(i => i.Objects).IsJson();
        image.Property(i => i.Text).IsJson();
        image.Property(i => i.RecognizedText).HasMaxLength(TextLines.MaxLength);
        image.ComplexProperty(i => i.Analysis);
        image.Ignore(i => i.Description);
        image.Ignore(i => i.OriginalKey);

        image.Property<int[]>(TagIds);
        image.Property<string[]>(TagNames);
        image.Property<NpgsqlTsVector>(SearchVector)
            .HasComputedColumnSql("image_document(file_name, owner_alt_text, owner_description, analyzer_description, tag_names, recognized_text)", stored: true);
        image.Property<uint>("Version").IsRowVersion();

        // The id is the newest-first order and the keyset.
        image.HasIndex(i => new { i.OwnerId, i.Id }).IsDescending(false, true);
        image.HasIndex(i => new { i.OwnerId, i.ContentHash }).IsUnique().HasFilter("deleted_at is null");
        // Each upload looks for its twin in the trash too, where there may be several.
        image.HasIndex(i => new { i.OwnerId, i.ContentHash }, Twins).HasDatabaseName(Twins);
        image.HasIndex(i => new { i.OwnerId, i.PictureHash }).HasFilter("picture_hash is not null");
        image.HasIndex(SearchVector).HasMethod("gin").HasStorageParameter("fastupdate", false);
        // The other orders, newest first among equals. The two of TakenAt hold expressions, so they stand in a migration alone.
        image.HasIndex(i => new { i.OwnerId, i.UploadedAt, i.Id }).IsDescending(false, false, true);
        image.HasIndex(i => new { i.OwnerId, i.FileName, i.Id }).IsDescending(false, false, true);
        image.HasIndex(i => new { i.OwnerId, i.ByteSize, i.Id }).IsDescending(false, false, true);
        image.HasIndex(i => i.DeletedAt).HasFilter("deleted_at is not null");
    }
}
