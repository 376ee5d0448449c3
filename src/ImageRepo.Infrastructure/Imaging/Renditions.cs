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
                    using var resized = larger.ThumbnailImage(size, height: size, size: Enums.Size.Down, noRotate: true);
                    current = resized.CopyMemory();
                }
                renditions.Insert(0, Encode(current, size, isAnimated, cancellationToken));
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

    private static EncodedRendition Encode(Image image, int size, bool isAnimated, CancellationToken cancellationToken)
    {
        // An animation can take seconds to encode.
        using var kill = cancellationToken.Register(() => image.SetKill(true));
        var isJpeg = size == Largest && !image.HasAlpha() && !isAnimated;
        var content = isJpeg
            ? image.JpegsaveBuffer(q: JpegQuality, keep: Enums.ForeignKeep.None)
            : image.WebpsaveBuffer(q: WebPQuality, effort: isAnimated ? AnimationEffort : Effort, keep: Enums.ForeignKeep.None);
        return new EncodedRendition(size, image.Width, image.PageHeight, isJpeg ? ImageFormat.Jpeg : ImageFormat.WebP, content);
    }
}
