using ImageRepo.Domain.Pictures;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>Makes the stored sizes, each from the next larger one, and encodes them without metadata.</summary>
internal static class Renditions
{
    private const int JpegQuality = 80;
    private const int WebPQuality = 75;

    // Effort 4 takes 2.8 times the CPU of 2 and saves 3 % of the bytes; an animation has too many frames even for 2.
    private const int Effort = 2;
    private const int AnimationEffort = 0;

    private const int AvifQuality = 55;
    private const int AvifEffort = 2;
    private const int PngCompression = 6;

    private static readonly int Largest = EncodedRendition.Sizes[^1];

    /// <summary>
    /// The sizes for a picture whose longer side is this: all that are smaller than it, and one in which nothing of it is lost, if any is
    /// large enough. So a picture of 1,000 pixels has its 320, its 800, and itself as its 1600.
    /// </summary>
    public static IEnumerable<int> SizesFor(int longerSide) =>
        EncodedRendition.Sizes.Where((_, i) => i == 0 || EncodedRendition.Sizes[i - 1] < longerSide);

    /// <summary>Smallest first.</summary>
    /// <param name="picture">At most as large as the largest size, upright, sRGB, in memory.</param>
    /// <param name="small">The picture of the smallest rendition; the caller disposes it.</param>
    public static IReadOnlyList<EncodedRendition> Encode(Image picture, bool isAnimated, out Image small, CancellationToken cancellationToken)
    {
        var renditions = new List<EncodedRendition>();
        var current = picture.Copy();
        try
        {
            foreach (var size in SizesFor(Math.Max(picture.Width, picture.PageHeight)).Reverse())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Math.Max(current.Width, current.PageHeight) > size)
                {
                    using var larger = current;
                    using var resized = Shrink(larger, size, isAnimated);
                    current = resized.CopyMemory();
                }
                var format = size == Largest && !current.HasAlpha() && !isAnimated ? ImageFormat.Jpeg : ImageFormat.WebP;
                renditions.Insert(0, Encode(current, size, format, isAnimated, cancellationToken));
            }
            small = current;
            return renditions;
        }
        catch
        {
            current.Dispose();
            throw;
        }
    }

    /// <summary>The same either way where there is neither alpha nor a second frame; a thumbnail takes a millisecond to set up, for what is not there.</summary>
    private static Image Shrink(Image picture, int size, bool isAnimated) => picture.HasAlpha() || isAnimated
        ? picture.ThumbnailImage(size, height: size, size: Enums.Size.Down, noRotate: true)
        : picture.Resize(1 / ((double)Math.Max(picture.Width, picture.Height) / size)); // as a thumbnail reckons, or a side may round to another pixel

    /// <summary>Each frame's middle; the caller disposes it.</summary>
    public static Image Crop(Image picture, int width, int height)
    {
        var frame = picture.PageHeight;
        if ((picture.Width, frame) == (width, height))
        {
            return picture.Copy();
        }
        var frames = Enumerable.Range(0, picture.Height / frame)
            .Select(i => picture.Crop((picture.Width - width) / 2, i * frame + (frame - height) / 2, width, height)).ToArray();
        try
        {
            using var strip = Image.Arrayjoin(frames, across: 1);
            return strip.Mutate(m => m.Set(GValue.GIntType, "page-height", height));
        }
        finally
        {
            Array.ForEach(frames, f => f.Dispose());
        }
    }

    /// <param name="picture">Upright, sRGB, in memory.</param>
    /// <param name="size">What it was made for, in pixels.</param>
    /// <param name="format">WebP, AVIF, JPEG or PNG.</param>
    /// <param name="isAnimated">Whether it has frames to show one after the other.</param>
    /// <param name="cancellationToken">Ends the encoding, which can take seconds.</param>
    public static EncodedRendition Encode(Image picture, int size, ImageFormat format, bool isAnimated, CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.Register(() => picture.SetKill(true));
        const Enums.ForeignKeep keep = Enums.ForeignKeep.None;
        var content = format switch
        {
            // Transparent parts become white, as a page is.
            ImageFormat.Jpeg => picture.JpegsaveBuffer(q: JpegQuality, keep: keep, background: [255]),
            ImageFormat.WebP => picture.WebpsaveBuffer(q: WebPQuality, effort: isAnimated ? AnimationEffort : Effort, keep: keep),
            ImageFormat.Avif => picture.HeifsaveBuffer(q: AvifQuality, effort: AvifEffort, compression: Enums.ForeignHeifCompression.Av1, keep: keep),
            ImageFormat.Png => picture.PngsaveBuffer(compression: PngCompression, keep: keep),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No rendition has this format."),
        };
        return new EncodedRendition(size, picture.Width, picture.PageHeight, format, content);
    }
}
