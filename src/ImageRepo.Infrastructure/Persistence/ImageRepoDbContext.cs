using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence.Configurations;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>
/// The database. Whatever belongs to an owner is seen only within an <see cref="OwnerScope"/> of that owner: query filters see to it.
/// Reading is untracked; images are written through <see cref="IImageLibrary"/> alone.
/// </summary>
public sealed class ImageRepoDbContext(DbContextOptions<ImageRepoDbContext> options, OwnerScope scope)
    : IdentityDbContext<User, IdentityRole<Guid>, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>The owner's images, those in the trash included.</summary>
    public IQueryable<Image> Images => Set<Image>().AsNoTracking();

    /// <summary>Tags of living images.</summary>
    public IQueryable<ImageTagRow> ImageTags => Set<ImageTagRow>().AsNoTracking();

    /// <summary>Colours of living images.</summary>
    public IQueryable<ImageColorRow> ImageColors => Set<ImageColorRow>().AsNoTracking();

    /// <summary>The vocabulary of all owners: join it, never show it.</summary>
    public IQueryable<TagRow> TagNames => Set<TagRow>().AsNoTracking();

    public IQueryable<OwnerCount> OwnerCounts => Set<OwnerCount>().AsNoTracking();
    public IQueryable<OwnerTagCount> OwnerTagCounts => Set<OwnerTagCount>().AsNoTracking();
    public IQueryable<OwnerColorCount> OwnerColorCounts => Set<OwnerColorCount>().AsNoTracking();
    public IQueryable<OwnerYearCount> OwnerYearCounts => Set<OwnerYearCount>().AsNoTracking();

    /// <summary>Uploads in parts, also those that are complete or have expired and wait for the sweeper.</summary>
    public IQueryable<Upload> Uploads => Set<Upload>().AsNoTracking();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Read by the query filters at each query. Nobody owns the empty id.</summary>
    internal OwnerId CurrentOwner => scope.Owner ?? default;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasPostgresExtension("cube").HasPostgresExtension("btree_gist").HasPostgresExtension("pg_trgm");
        builder.UseOpenIddict<Guid>();
        AccountConfigurations.Apply(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(ImageRepoDbContext).Assembly);

        builder.Entity<Image>().HasQueryFilter(i => i.OwnerId == CurrentOwner);
        builder.Entity<ImageTagRow>().HasQueryFilter(t => t.OwnerId == CurrentOwner);
        builder.Entity<ImageColorRow>().HasQueryFilter(c => c.OwnerId == CurrentOwner);
        builder.Entity<OwnerCount>().HasQueryFilter(c => c.OwnerId == CurrentOwner);
        builder.Entity<OwnerTagCount>().HasQueryFilter(c => c.OwnerId == CurrentOwner);
        builder.Entity<OwnerColorCount>().HasQueryFilter(c => c.OwnerId == CurrentOwner);
        builder.Entity<OwnerYearCount>().HasQueryFilter(c => c.OwnerId == CurrentOwner);
        builder.Entity<Upload>().HasQueryFilter(u => u.OwnerId == CurrentOwner);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration) => ValueConversions.Apply(configuration);
}
