using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>What a file says of itself before its pixels are decoded. Width and height are those of one frame, as stored.</summary>
internal sealed record PictureHeader(int Width, int Height, int Frames, int Orientation, bool IsAnimated, bool IsHevc, byte[]? Exif)
{
    // Room for a maker's notes and a thumbnail; more is not written by cameras.
    private const int MaxExifBytes = 4 << 20;

    /// <summary>Pixels of all frames.</summary>
    public long Pixels => (long)Width * Height * Frames;

    public bool SwapsSides => Orientation is >= 5 and <= 8;

    /// <summary>The sides as the picture is shown.</summary>
    public (int Width, int Height) Upright() => SwapsSides ? (Height, Width) : (Width, Height);

    public static PictureHeader Of(Image image, ImageFormat format)
    {
        var frames = IntOf(image, "n-pages") ?? 1;
        var isAnimated = frames > 1 && format is ImageFormat.Gif or ImageFormat.WebP;
        return new PictureHeader(
            image.Width, image.PageHeight, frames, IntOf(image, "orientation") ?? 1, isAnimated,
            format == ImageFormat.Heic && image.Contains("heif-compression") && image.Get("heif-compression") is "hevc", ExifOf(image));
    }

    /// <exception cref="ImageDimensionsTooLargeException">Too many pixels or frames.</exception>
    public void Check(ImageLimits limits)
    {
        if (Frames > limits.Frames || Pixels > limits.Pixels)
        {
            var (width, height) = Upright();
            throw new ImageDimensionsTooLargeException(width, height, Frames, limits.Pixels, limits.Frames);
        }
    }

    private static byte[]? ExifOf(Image image) =>
        image.Contains("exif-data") && image.Get("exif-data") is byte[] { Length: > 0 and <= MaxExifBytes } exif ? exif : null;

    private static int? IntOf(Image image, string field) => image.Contains(field) && image.Get(field) is int value ? value : null;
}
