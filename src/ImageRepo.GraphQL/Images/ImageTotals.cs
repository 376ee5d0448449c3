using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Images;

internal sealed record ImageCount(int Count, bool IsExact);

internal sealed record TagFacet(string Name, int Count);

internal sealed record ColorFacet(NamedColor Name, int Count);

internal sealed record YearFacet(int Year, int Count);

/// <summary>
/// What a list of images adds up to, computed when it is asked for: for the whole library from the counters that every change keeps,
/// for a filtered list from its rows, of which no more than <see cref="Limit"/> are looked at.
/// </summary>
/// <param name="filtered">Null for the whole library.</param>
internal sealed class ImageTotals(ImageRepoDbContext db, IQueryable<Image>? filtered)
{
    public const int Limit = 10_000;
    private ImageCount? _count;

    public async Task<ImageCount> CountAsync(CancellationToken cancellationToken) => _count ??= filtered is null
        ? new ImageCount(await db.OwnerCounts.Select(c => c.Images).SingleOrDefaultAsync(cancellationToken), IsExact: true)
        : await Newest(filtered, Limit + 1).CountAsync(cancellationToken) is var count and <= Limit
            ? new ImageCount(count, IsExact: true)
            : new ImageCount(Limit, IsExact: false);

    public async Task<IReadOnlyList<TagFacet>> TagsAsync(int first, CancellationToken cancellationToken)
    {
        if (first == 0)
        {
            return [];
        }
        var counts = filtered is null
            ? db.OwnerTagCounts.Where(c => c.Count > 0).Select(c => new { c.TagId, c.Count })
            : Newest(filtered, Limit).Join(db.ImageTags, id => id, t => t.ImageId, (id, t) => t.TagId).GroupBy(t => t).Select(g => new { TagId = g.Key, Count = g.Count() });
        var tags = await counts.Join(db.TagNames, c => c.TagId, t => t.Id, (c, t) => new { t.Name, c.Count })
            .OrderByDescending(c => c.Count).ThenBy(c => c.Name).Take(first).ToListAsync(cancellationToken);
        return [.. tags.Select(t => new TagFacet(t.Name.Value, t.Count))];
    }

    public async Task<IReadOnlyList<ColorFacet>> ColorsAsync(CancellationToken cancellationToken)
    {
        var counts = filtered is null
            ? db.OwnerColorCounts.Where(c => c.Count > 0).Select(c => new { c.Name, c.Count })
            : Newest(filtered, Limit).Join(db.ImageColors, id => id, c => c.ImageId, (id, c) => new { c.ImageId, c.Name })
                .GroupBy(c => c.Name).Select(g => new { Name = g.Key, Count = g.Select(c => c.ImageId).Distinct().Count() });
        var colors = await counts.OrderByDescending(c => c.Count).ThenBy(c => c.Name).ToListAsync(cancellationToken);
        return [.. colors.Select(c => new ColorFacet(c.Name, c.Count))];
    }

    public async Task<IReadOnlyList<YearFacet>> YearsAsync(CancellationToken cancellationToken)
    {
        var counts = filtered is null
            ? db.OwnerYearCounts.Where(c => c.Count > 0).Select(c => new { c.Year, c.Count })
            : filtered.OrderByDescending(i => i.Id).Take(Limit).Select(i => (i.TakenAt ?? i.UploadedAt).Year)
                .GroupBy(year => year).Select(g => new { Year = g.Key, Count = g.Count() });
        var years = await counts.OrderByDescending(c => c.Count).ThenByDescending(c => c.Year).ToListAsync(cancellationToken);
        return [.. years.Select(y => new YearFacet(y.Year, y.Count))];
    }

    private static IQueryable<ImageId> Newest(IQueryable<Image> images, int count) => images.OrderByDescending(i => i.Id).Select(i => i.Id).Take(count);
}
