using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using NpgsqlTypes;

namespace ImageRepo.Infrastructure.Persistence;

// The tables beside the image's own row. They are indexes of it: written by ImageIndex alone, in the image's transaction.

/// <summary>One word of the vocabulary that all owners share; who uses it is in <see cref="ImageTagRow"/>.</summary>
public sealed class TagRow
{
    public int Id { get; init; }
    public required TagName Name { get; init; }
}

/// <summary>A living image's tag.</summary>
public sealed class ImageTagRow
{
    public required OwnerId OwnerId { get; init; }
    public required int TagId { get; init; }
    public required ImageId ImageId { get; init; }
    public required ContentSource Source { get; set; }
    public float? Confidence { get; set; }
    public TagRow? Tag { get; init; }
}

/// <summary>One colour of a living image's palette.</summary>
public sealed class ImageColorRow
{
    public required ImageId ImageId { get; init; }

    /// <summary>Its place in the palette, 0 for the largest share.</summary>
    public required short Ordinal { get; init; }
    public required OwnerId OwnerId { get; init; }
    public required HexColor Hex { get; init; }
    public required NamedColor Name { get; init; }
    public required float Share { get; init; }

    /// <summary>(L, a, b, <see cref="ShareWeight"/> * (1 - share)): nearest in OKLab and largest first, by one distance.</summary>
    public required NpgsqlCube LabW { get; init; }

    public const double ShareWeight = 0.15;

    /// <summary>The rows of one palette.</summary>
    public static IEnumerable<ImageColorRow> Of(ImageId image, OwnerId owner, IEnumerable<ImageColor> palette) => palette.Select((color, ordinal) =>
    {
        var lab = Oklab.From(color.Hex);
        return new ImageColorRow
        {
            ImageId = image,
            Ordinal = (short)ordinal,
            OwnerId = owner,
            Hex = color.Hex,
            Name = color.Name,
            Share = color.Share,
            LabW = new NpgsqlCube([lab.L, lab.A, lab.B, ShareWeight * (1 - color.Share)]),
        };
    });
}

/// <summary>An owner's totals. Every writer locks this row first, so an owner's changes happen one after the other.</summary>
public sealed class OwnerCount
{
    public required OwnerId OwnerId { get; init; }
    public int Images { get; set; }
    public long Bytes { get; set; }
    public int TrashedImages { get; set; }
    public long TrashedBytes { get; set; }
}

/// <summary>How many living images of the owner carry the tag.</summary>
public sealed class OwnerTagCount
{
    public required OwnerId OwnerId { get; init; }
    public required int TagId { get; init; }
    public required int Count { get; init; }
    public TagRow? Tag { get; init; }
}

/// <summary>How many living images of the owner have the colour in their palette.</summary>
public sealed class OwnerColorCount
{
    public required OwnerId OwnerId { get; init; }
    public required NamedColor Name { get; init; }
    public required int Count { get; init; }
}

/// <summary>How many living images of the owner were taken in the year (UTC), or uploaded in it where no time was recorded.</summary>
public sealed class OwnerYearCount
{
    public required OwnerId OwnerId { get; init; }
    public required int Year { get; init; }
    public required int Count { get; init; }
}

/// <summary>
/// Objects of this image may be in the store though no image claims them: an upload under way, or an image that was purged a moment ago.
/// The sweeper goes by these rows, never by what it finds in the store: a database that was restored, or is the wrong one, must not
/// make it delete what it has not heard of.
/// </summary>
public sealed class UnclaimedRow
{
    public required ImageId ImageId { get; init; }
    public required OwnerId OwnerId { get; init; }
    public required DateTimeOffset SweepAfter { get; init; }
}

/// <summary>An owner's wish that all images be analysed again, of which workers make jobs. One an owner.</summary>
public sealed class ReanalysisRow
{
    public required OwnerId OwnerId { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When jobs were made of it last: the owner who waits longest is next.</summary>
    public required DateTimeOffset TurnAt { get; init; }

    public required DateTimeOffset AnalyzedBefore { get; init; }

    /// <summary>Where set, images that this analyzer described are left out.</summary>
    public string? OutdatedBy { get; init; }

    /// <summary>Images from here on were asked for already; they go from the newest to the oldest.</summary>
    public required ImageId BelowId { get; init; }

    public required int Total { get; init; }
    public required int Asked { get; init; }
}

/// <summary>Work to be done for an image by any node. See docs/decisions/0004-jobs-are-rows.md.</summary>
public sealed class JobRow
{
    public long Id { get; init; }
    public required string Kind { get; init; }
    public required OwnerId OwnerId { get; init; }
    public required ImageId ImageId { get; init; }
    public required DateTimeOffset RunAfter { get; set; }
    public int Attempts { get; set; }

    /// <summary>Who works on it; null while nobody does.</summary>
    public Guid? Lease { get; set; }
}
