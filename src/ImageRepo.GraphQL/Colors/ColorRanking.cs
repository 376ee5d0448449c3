using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Paging;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Colors;

/// <param name="Distance">Of the image's nearest colour, weighted by its share.</param>
internal sealed record RankedImage
{
    public required Image Image { get; init; }
    public required double Distance { get; init; }
}

/// <summary>Images by how near and how large their nearest colour is.</summary>
internal static class ColorRanking
{
    public static Keyset<RankedImage> Keyset(ColorNear near) => new(
        [
            new SortKey<RankedImage, double>("distance", r => r.Distance, isDescending: false),
            new SortKey<RankedImage, ImageId>("id", r => r.Image.Id, isDescending: true),
        ],
        // A place in the ranking by one colour says nothing about another's.
        FormattableString.Invariant($"@{near.Hex},{near.Tolerance},{near.MinShare}"));

    /// <summary>
    /// Each image once, with the nearest of its colours that match: those with a nearer one are left out, so the rest can be walked
    /// in the order of the distance index and cut off after a page.
    /// </summary>
    public static IQueryable<RankedImage> RankedBy(this IQueryable<Image> images, ImageRepoDbContext db, ColorNear near)
    {
        var target = near.Target;
        var matching = db.ImageColors.Where(near.Matches());
        return matching
            .Where(color => !matching.Any(other => other.ImageId == color.ImageId
                && (other.LabW.Distance(target) < color.LabW.Distance(target)
                    || (other.LabW.Distance(target) == color.LabW.Distance(target) && other.Ordinal < color.Ordinal))))
            .Join(images, color => color.ImageId, image => image.Id,
                (color, image) => new RankedImage { Image = image, Distance = color.LabW.Distance(target) });
    }
}
