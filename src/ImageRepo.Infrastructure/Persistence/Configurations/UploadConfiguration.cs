using ImageRepo.Domain.Images;
using ImageRepo.Domain.Uploads;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ImageRepo.Infrastructure.Persistence.Configurations;

/// <summary>Refers to no account: when that ends, the parts in the store are still to be cleared away.</summary>
internal sealed class UploadConfiguration : IEntityTypeConfiguration<Upload>
{
    public void Configure(EntityTypeBuilder<Upload> upload)
    {
        upload.ToTable("upload");
        upload.Property(u => u.Id).ValueGeneratedNever();
        upload.Property(u => u.FileName).HasMaxLength(PlainText.FileNameMaxLength);
        upload.Property(u => u.ContentType).HasMaxLength(UploadPlan.ContentTypeMaxLength);
        upload.HasIndex(u => u.OwnerId);
        upload.HasIndex(u => u.ExpiresAt);
    }
}
