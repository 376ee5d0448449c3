using System.Linq.Expressions;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Paging;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Colors;

internal sealed record RankedImage
{
    public required Image Image { get; init; }

    /// <summary>Of the image's nearest colour, weighted by its share.</summary>
    public required double Distance { get; init; }

    /// <summary>Copies the distance and these members of the image.</summary>
    public static Expression<Func<RankedImage, RankedImage>> Copying(IEnumerable<string> members)
    {
        var row = Expression.Parameter(typeof(RankedImage), "row");
        var image = Replacement.Inline(Selection.Copying<Image>(members), Expression.Property(row, nameof(Image)));
        return Expression.Lambda<Func<RankedImage, RankedImage>>(
            Expression.MemberInit(
                Expression.New(typeof(RankedImage)),
                Expression.Bind(typeof(RankedImage).GetProperty(nameof(Image))!, image),
                Expression.Bind(typeof(RankedImage).GetProperty(nameof(Distance))!, Expression.Property(row, nameof(Distance)))),
            row);
    }
}

/// <summary>
/// Images by how near and how large their nearest colour is. The distance index is walked from the colour outward, a bounded number
/// of steps at a time; PostgreSQL can't tell beforehand how many colours lie near another, so it is not left the choice.
/// </summary>
/// <param name="images">Those that the other conditions leave.</param>
/// <param name="bound">How many they are at most, where that is known.</param>
internal sealed class ColorRanking(ImageRepoDbContext db, IQueryable<Image> images, ColorNear near, int? bound)
{
    /// <summary>Colours looked at for each image of a page; the second time where the other conditions leave out most of them.</summary>
    private static readonly int[] Steps = [4, 100];

    /// <summary>So few images are ranked one by one sooner than found along the index.</summary>
    private const int Few = 3_000;

    private readonly Keyset<RankedImage> _keyset = new(
        [
            new SortKey<RankedImage, double>("distance", r => r.Distance, isDescending: false),
            new SortKey<RankedImage, ImageId>("id", r => r.Image.Id, isDescending: true),
        ],
        // A place in the ranking by one colour says nothing about another's.
        FormattableString.Invariant($"@{near.Hex},{near.Tolerance},{near.MinShare}"));

    /// <param name="members">Of the images, those that are shown.</param>
    public async Task<Page<Image>> PageAsync(PageRequest request, IEnumerable<string> members, CancellationToken cancellationToken)
    {
        var copy = RankedImage.Copying(members);
        var page = await AlongTheIndexAsync(request, copy, cancellationToken)
            ?? await Ranked(images).PageAsync(_keyset, request, copy, cancellationToken);
        return new Page<Image>([.. page.Rows.Select(r => (r.Cursor, r.Row.Image))], page.Info);
    }

    /// <summary>Null where the index doesn't help: toward the colour, among few images, or when their colours lie too far apart.</summary>
    private async Task<Page<RankedImage>?> AlongTheIndexAsync(PageRequest request, Expression<Func<RankedImage, RankedImage>> copy, CancellationToken cancellationToken)
    {
        if (request.IsBackward || request.Size == 0 || bound <= Few)
        {
            return null;
        }
        var target = near.Target;
        var from = request.After is { } after ? (double)_keyset.Values(after)[0] : 0;
        foreach (var steps in Steps.Select(s => s * (request.Size + 1)))
        {
            var nearest = await db.ImageColors.Where(c => c.LabW.Distance(target) >= from).OrderBy(c => c.LabW.Distance(target)).Take(steps)
                .Select(c => new { c.ImageId, Distance = c.LabW.Distance(target) }).ToListAsync(cancellationToken);
            // Of what lies beyond the last step not all was seen, unless there is nothing to see.
            var seen = nearest.Count < steps ? double.PositiveInfinity : nearest[^1].Distance;
            var isAll = seen > near.Reach;
            var ids = nearest.Select(c => c.ImageId).Distinct().ToList();
            var ranked = Ranked(images.Where(i => ids.Contains(i.Id)));
            var page = await (isAll ? ranked : ranked.Where(r => r.Distance < seen)).PageAsync(_keyset, request, copy, cancellationToken);
            if (isAll || page.Info.HasNextPage)
            {
                return page;
            }
        }
        return null;
    }

    private IQueryable<RankedImage> Ranked(IQueryable<Image> among)
    {
        var target = near.Target;
        return among.Join(db.ImageColors.Where(near.Matches()), i => i.Id, c => c.ImageId, (i, c) => new { i.Id, Distance = c.LabW.Distance(target) })
            .GroupBy(c => c.Id).Select(g => new { Id = g.Key, Distance = g.Min(c => c.Distance) })
            .Join(db.Images, g => g.Id, i => i.Id, (g, i) => new RankedImage { Image = i, Distance = g.Distance });
    }
}
