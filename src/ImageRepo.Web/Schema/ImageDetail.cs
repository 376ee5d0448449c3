using System.Globalization;

namespace ImageRepo.Web.Schema;

/// <summary>An image as its own page shows it.</summary>
internal sealed record ImageDetail(
    string Id, string FileName, string ContentType, long ByteSize, int Width, int Height, string? AltText, string? Placeholder, bool IsFavorite,
    DateTimeOffset UploadedAt, DateTimeOffset? DeletedAt, DescriptionData? Description, IReadOnlyList<ImageTagData> Tags,
    IReadOnlyList<ImageColorData> Colors, DetailAnalysis Analysis, ExifData? Exif,
    SignedUrl Original, SignedUrl W320, SignedUrl W480, SignedUrl W800, SignedUrl W1200, SignedUrl W1600, SignedUrl W2400, IReadOnlyList<SimilarImageData> Similar)
{
    /// <summary>What a browser may choose from by the room and the pixels that it has; a small picture has fewer sizes.</summary>
    public string SourceSet => string.Join(", ", new[] { W320, W480, W800, W1200, W1600, W2400 }.DistinctBy(s => s.Width).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Url} {s.Width}w")));

    /// <summary>How wide it is shown, which a browser must know before it has the styles: as wide as its column of site.css, no higher than the window has room for, and never enlarged.</summary>
    public string Sizes
    {
        get
        {
            const string gutters = "2 * clamp(1rem, 4vw, 2.5rem)";
            return $"(max-width: 60rem) {Within($"100vw - {gutters}")}, {Within($"min(100vw, 100rem) - {gutters} - 26rem - clamp(1.5rem, 3vw, 3rem)")}";
        }
    }

    private string Within(string column) => string.Create(CultureInfo.InvariantCulture, $"min({column}, (100vh - 8rem) * {(double)Width / Height:0.####}, {Width}px)");

    public string PageId => PageImageId.Write(Id);

    public string Alt => AltText ?? $"Not described yet: {FileName}";

    public bool IsAnalysing => Analysis.Status is "PENDING" or "RUNNING";

    /// <summary>Words and their values, those that are known.</summary>
    public IEnumerable<(string Name, string Value)> Facts()
    {
        yield return ("Size", string.Create(CultureInfo.InvariantCulture, $"{Width} × {Height} px, {FileSize.Write(ByteSize)}"));
        yield return ("Format", ContentType.Split('/')[^1].ToUpperInvariant());
        if (Exif is not { } exif)
        {
            yield break;
        }
        foreach (var (name, value) in exif.Facts())
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                yield return (name, value);
            }
        }
    }
}

internal sealed record SimilarImageData(ImageCard Image);

internal sealed record DetailAnalysis(string Status, string? Failure, string? Analyzer);

internal sealed record ExifData(
    string? Make, string? Model, string? Lens, string? ExposureTime, double? FNumber, int? Iso, double? FocalLength,
    DateTimeOffset? TakenAt, string? Software, ExifLocation? Location)
{
    public IEnumerable<(string Name, string? Value)> Facts()
    {
        var camera = Make is not null && Model?.StartsWith(Make, StringComparison.OrdinalIgnoreCase) != true ? $"{Make} {Model}".Trim() : Model;
        string?[] exposure =
        [
            ExposureTime is null ? null : $"{ExposureTime} s",
            FNumber is { } f ? string.Create(CultureInfo.InvariantCulture, $"f/{f:0.#}") : null,
            Iso is { } iso ? $"ISO {iso}" : null,
            FocalLength is { } mm ? string.Create(CultureInfo.InvariantCulture, $"{mm:0.#} mm") : null,
        ];
        yield return ("Taken", TakenAt?.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture));
        yield return ("Camera", camera);
        yield return ("Lens", Lens);
        yield return ("Exposure", string.Join(" · ", exposure.Where(e => e is not null)));
        yield return ("Software", Software);
        yield return ("Place", Location is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.Latitude:0.#####}°, {at.Longitude:0.#####}°") : null);
    }
}

internal sealed record ExifLocation(double Latitude, double Longitude, double? Altitude);

internal static class FileSize
{
    /// <summary>In the unit that keeps the number short; 1 MB is 1,048,576 bytes, as file managers count.</summary>
    public static string Write(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.#} MB"),
        >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
    };
}
