using System.Runtime.CompilerServices;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>
/// Which objects the database says are in the store. Verification, backup and restore go by this alone: whoever keeps objects of a new kind
/// for good adds them to <see cref="ExpectedImage.Keys"/>.
/// </summary>
internal static class ExpectedObjects
{
    private const int PageSize = 200;

    /// <summary>The images of all owners, oldest first, a page at a time: no query lasts while a page is worked on.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<ExpectedImage>> PagesAsync(ImageRepoDbContext db, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = Guid.Empty;
        while (true)
        {
            var page = await Expected(db.Set<Image>().FromSql($"select *, xmin from image where id > {last} order by id limit {PageSize}")).ToListAsync(cancellationToken);
            if (page is [])
            {
                yield break;
            }
            yield return page;
            last = page[^1].Id.Value;
        }
    }

    /// <summary>Those of the images that exist.</summary>
    public static Task<List<ExpectedImage>> FindAsync(ImageRepoDbContext db, IEnumerable<ImageId> ids, CancellationToken cancellationToken)
    {
        Guid[] wanted = [.. ids.Select(id => id.Value)];
        return Expected(db.Set<Image>().FromSql($"select *, xmin from image where id = any({wanted})")).ToListAsync(cancellationToken);
    }

    private static IQueryable<ExpectedImage> Expected(IQueryable<Image> images) => images.AsNoTracking().IgnoreQueryFilters().OrderBy(i => i.Id)
        .Select(i => new ExpectedImage(i.OwnerId, i.Id, i.Format, i.ContentHash, i.ByteSize, i.Renditions));
}

/// <summary>An image, as far as the store is concerned.</summary>
internal sealed record ExpectedImage(OwnerId Owner, ImageId Id, ImageFormat Format, ContentHash ContentHash, long ByteSize, IReadOnlyList<Rendition> Renditions)
{
    public ObjectKey Original => ObjectKey.Original(Owner, Id);

    public ObjectKey KeyOf(Rendition rendition) => ObjectKey.Rendition(Owner, Id, rendition.Size);

    /// <summary>Every object that must be there, the original first.</summary>
    public IEnumerable<ObjectKey> Keys => Renditions.Select(KeyOf).Prepend(Original);

    /// <summary>Whether an object that the store lists is one of them, or a rendition that was made on demand and may be made again.</summary>
    public bool Owns(ObjectKey key) => Keys.Contains(key) || key.OnDemand is { } copy && (copy.Owner, copy.Image) == (Owner, Id);
}
