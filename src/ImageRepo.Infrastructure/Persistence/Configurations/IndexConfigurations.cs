using ImageRepo.Domain.Images;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ImageRepo.Infrastructure.Persistence.Configurations;

internal sealed class TagConfiguration : IEntityTypeConfiguration<TagRow>
{
    public void Configure(EntityTypeBuilder<TagRow> tag)
    {
        tag.ToTable("tag");
        tag.HasIndex(t => t.Name).IsUnique();
        tag.HasIndex(t => t.Name, "ix_tag_name_trgm").HasMethod("gin").HasOperators("gin_trgm_ops");
    }
}

internal sealed class ImageTagConfiguration : IEntityTypeConfiguration<ImageTagRow>
{
    public void Configure(EntityTypeBuilder<ImageTagRow> tag)
    {
        tag.ToTable("image_tag");
        tag.HasKey(t => new { t.ImageId, t.TagId });
        tag.HasOne<Image>().WithMany().HasForeignKey(t => t.ImageId).OnDelete(DeleteBehavior.Cascade);
        tag.HasOne(t => t.Tag).WithMany().HasForeignKey(t => t.TagId).OnDelete(DeleteBehavior.Restrict);
        // Newest first for a tag, by the index alone.
        tag.HasIndex(t => new { t.OwnerId, t.TagId, t.ImageId }).IsUnique().IsDescending(false, false, true);
    }
}

internal sealed class ImageColorConfiguration : IEntityTypeConfiguration<ImageColorRow>
{
    public void Configure(EntityTypeBuilder<ImageColorRow> color)
    {
        color.ToTable("image_color");
        color.HasKey(c => new { c.ImageId, c.Ordinal });
        color.HasOne<Image>().WithMany().HasForeignKey(c => c.ImageId).OnDelete(DeleteBehavior.Cascade);
        color.HasIndex(c => new { c.OwnerId, c.LabW }).HasMethod("gist");
        color.HasIndex(c => new { c.OwnerId, c.Name, c.ImageId }).IsDescending(false, false, true);
    }
}

internal sealed class OwnerCountConfiguration : IEntityTypeConfiguration<OwnerCount>
{
    public void Configure(EntityTypeBuilder<OwnerCount> count)
    {
        count.ToTable("owner_count", table => table.HasCheckConstraint("ck_owner_count_not_negative",
            "images >= 0 and bytes >= 0 and trashed_images >= 0 and trashed_bytes >= 0"));
        count.HasKey(c => c.OwnerId);
        // The reference to the account is made by the migration: EF can't join an OwnerId to a Guid. With it, an upload that
        // races with the end of its account fails and leaves nothing.
    }
}

internal sealed class OwnerTagCountConfiguration : IEntityTypeConfiguration<OwnerTagCount>
{
    public void Configure(EntityTypeBuilder<OwnerTagCount> count)
    {
        count.ToTable("owner_tag_count", table => table.HasCheckConstraint("ck_owner_tag_count_not_negative", "count >= 0"));
        count.HasKey(c => new { c.OwnerId, c.TagId });
        count.HasOne<OwnerCount>().WithMany().HasForeignKey(c => c.OwnerId).OnDelete(DeleteBehavior.Cascade);
        count.HasOne(c => c.Tag).WithMany().HasForeignKey(c => c.TagId).OnDelete(DeleteBehavior.Restrict);
        count.HasIndex(c => new { c.OwnerId, c.Count }).IsDescending(false, true);
    }
}

internal sealed class OwnerColorCountConfiguration : IEntityTypeConfiguration<OwnerColorCount>
{
    public void Configure(EntityTypeBuilder<OwnerColorCount> count)
    {
        count.ToTable("owner_color_count", table => table.HasCheckConstraint("ck_owner_color_count_not_negative", "count >= 0"));
        count.HasKey(c => new { c.OwnerId, c.Name });
        count.HasOne<OwnerCount>().WithMany().HasForeignKey(c => c.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class OwnerYearCountConfiguration : IEntityTypeConfiguration<OwnerYearCount>
{
    public void Configure(EntityTypeBuilder<OwnerYearCount> count)
    {
        count.ToTable("owner_year_count", table => table.HasCheckConstraint("ck_owner_year_count_not_negative", "count >= 0"));
        count.HasKey(c => new { c.OwnerId, c.Year });
        count.HasOne<OwnerCount>().WithMany().HasForeignKey(c => c.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class JobConfiguration : IEntityTypeConfiguration<JobRow>
{
    public void Configure(EntityTypeBuilder<JobRow> job)
    {
        job.ToTable("job");
        job.Property(j => j.Kind).HasMaxLength(32);
        job.HasIndex(j => j.RunAfter);
        job.HasIndex(j => new { j.ImageId, j.Kind }).IsUnique();
        job.HasOne<Image>().WithMany().HasForeignKey(j => j.ImageId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ReanalysisConfiguration : IEntityTypeConfiguration<ReanalysisRow>
{
    public void Configure(EntityTypeBuilder<ReanalysisRow> reanalysis)
    {
        reanalysis.ToTable("reanalysis");
        reanalysis.HasKey(r => r.OwnerId);
        reanalysis.HasIndex(r => r.TurnAt);
        reanalysis.HasOne<OwnerCount>().WithMany().HasForeignKey(r => r.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class UnclaimedConfiguration : IEntityTypeConfiguration<UnclaimedRow>
{
    public void Configure(EntityTypeBuilder<UnclaimedRow> unclaimed)
    {
        unclaimed.ToTable("unclaimed");
        unclaimed.HasKey(u => u.ImageId);
        unclaimed.HasIndex(u => u.SweepAfter);
    }
}
