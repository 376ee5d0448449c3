namespace ImageRepo.Domain.Pictures;

/// <summary>The formats an original can have.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Avif,
    Gif,
    Tiff,
    Heic,
}

public static class ImageFormats
{
    public static IReadOnlyList<string> SupportedTypes { get; } = [.. Enum.GetValues<ImageFormat>().Select(ContentType)];

    /// <summary>The media type that browsers and stores are told.</summary>
    public static string ContentType(this ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "image/jpeg",
        ImageFormat.Png => "image/png",
        ImageFormat.WebP => "image/webp",
        ImageFormat.Avif => "image/avif",
        ImageFormat.Gif => "image/gif",
        ImageFormat.Tiff => "image/tiff",
        ImageFormat.Heic => "image/heic",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };
}
