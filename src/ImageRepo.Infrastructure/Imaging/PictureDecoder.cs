using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>Reads one original: its header, and then all of it, once.</summary>
internal sealed class PictureDecoder(Stream original, ImageFormat format, ImageLimits limits, CancellationToken cancellationToken)
{
    private static readonly int Largest = EncodedRendition.Sizes[^1];

    // Enough for colours and hash.
    private const int SampleSide = 128;

    // libjpeg can halve while it decodes, which is cheap but softer than a good filter. It may where the filter still has half to do
    // (measured on photos at 1600: a quarter of the decode saved with less to do costs 4 to 8 % of the finest detail).
    private const int FilterShare = 2;

    /// <exception cref="ImageDimensionsTooLargeException">Too many pixels or frames.</exception>
    /// <exception cref="CorruptImageException">There is no readable header.</exception>
    public PictureHeader ReadHeader()
    {
        var header = format switch
        {
            ImageFormat.Gif => Scanned(AnimationScan.Gif(original, limits.Frames)),
            ImageFormat.WebP => Scanned(AnimationScan.WebP(original, limits.Frames)),
            _ => Load(image => PictureHeader.Of(image, format)),
        };
        header.Check(limits);
        return header;
    }

    /// <exception cref="ImageDimensionsTooLargeException">Too many pixels or frames, which the scan of the header had not seen.</exception>
    /// <exception cref="CorruptImageException">Truncated or otherwise unreadable.</exception>
    public Picture Decode(PictureHeader header) => Load(image =>
    {
        var found = format is ImageFormat.Gif or ImageFormat.WebP ? PictureHeader.Of(image, format) : header;
        found.Check(limits);
        using var kill = cancellationToken.Register(() => image.SetKill(true));
        using var hevc = HevcPixels(header);
        using var picture = Reduce(hevc ?? image, found, Largest, Largest, Enums.Size.Down);
        return Describe(picture, found);
    }, ShrinkFor(header, Largest));

    /// <summary>Decodes for a single copy.</summary>
    /// <inheritdoc cref="Decode"/>
    public EncodedRendition Render(PictureHeader header, RenditionPlan plan)
    {
        var moves = header.IsAnimated && plan.Format == ImageFormat.WebP;
        var shown = header.Upright();
        var cut = plan.CutOf(shown.Width, shown.Height);
        return Load(image =>
        {
            var found = (format is ImageFormat.Gif or ImageFormat.WebP ? PictureHeader.Of(image, format) : header) with { IsAnimated = moves };
            found.Check(limits);
            using var kill = cancellationToken.Register(() => image.SetKill(true));
            using var hevc = HevcPixels(header);
            var (width, height) = found.SwapsSides ? (cut.ReducedHeight, cut.ReducedWidth) : (cut.ReducedWidth, cut.ReducedHeight);
            // To the pixel, as the link has announced it.
            using var reduced = Reduce(hevc ?? image, found, width, height, Enums.Size.Force);
            using var picture = Renditions.Crop(reduced, cut.Width, cut.Height);
            return Renditions.Encode(picture, plan.Size, plan.Format, moves, cancellationToken);
        }, ShrinkFor(header, Math.Max(cut.ReducedWidth, cut.ReducedHeight)), frames: moves ? -1 : 1);
    }

    private Image? HevcPixels(PictureHeader header) => header.IsHevc ? HeicPixels.Decode(original, limits) : null;

    private int ShrinkFor(PictureHeader header, int target)
    {
        // A line of pixels would shrink to nothing.
        var (longer, shorter) = (Math.Max(header.Width, header.Height), Math.Min(header.Width, header.Height));
        return format == ImageFormat.Jpeg ? new[] { 8, 4, 2 }.FirstOrDefault(s => longer / s >= target * FilterShare && shorter >= s * FilterShare, 1) : 1;
    }

    private static PictureHeader Scanned((int Width, int Height, int Frames)? scan) => scan is { } found
        ? new PictureHeader(found.Width, found.Height, found.Frames, Orientation: 1, IsAnimated: found.Frames > 1, IsHevc: false, Exif: null)
        : throw new CorruptImageException();

    /// <summary>The picture at a size, given as the file has its sides; upright, 8-bit sRGB, in memory. This is the one decode.</summary>
    private static Image Reduce(Image image, PictureHeader header, int width, int height, Enums.Size size)
    {
        // What needs no change is taken as it is: each step of libvips, a copy too, keeps some strips of the full width.
        using var changed = WithoutExtraBands(image);
        var plain = changed ?? image;
        // A profile is applied to what is left after reducing, which takes a tenth of the time; but CMYK can't be reduced as it is.
        using var reduced = plain.ThumbnailImage(width, height: height, size: size, noRotate: true,
            outputProfile: plain.Interpretation == Enums.Interpretation.Cmyk ? "srgb" : null);
        var decoded = reduced.CopyMemory();
        if (IsReady(decoded, header) && !decoded.HasAlpha())
        {
            return decoded; // as most photos are
        }
        using (decoded)
        {
            return ToSrgb(decoded, header);
        }
    }

    private static Image ToSrgb(Image decoded, PictureHeader header)
    {
        using var profiled = ApplyProfile(decoded);
        using var srgb = profiled.Colourspace(Enums.Interpretation.Srgb);
        using var bytes = srgb.Cast(Enums.BandFormat.Uchar);
        using var upright = header.IsAnimated ? bytes.Copy() : bytes.Autorot();
        // What was upright and sRGB is in memory already.
        using var stored = IsReady(decoded, header) ? upright.Copy() : upright.CopyMemory();
        // Many a screenshot has an alpha channel that hides nothing.
        var isOpaque = stored.HasAlpha() && stored[3].Min() == 255;
        using var visible = isOpaque ? stored.ExtractBand(0, n: 3) : stored.Copy();
        return isOpaque ? visible.CopyMemory() : visible.Copy();
    }

    private static bool IsReady(Image image, PictureHeader header) =>
        image is { Interpretation: Enums.Interpretation.Srgb, Format: Enums.BandFormat.Uchar } && header.Orientation == 1 && !image.Contains("icc-profile-data");

    private static Image ApplyProfile(Image image)
    {
        if (!image.Contains("icc-profile-data") || image.Interpretation == Enums.Interpretation.Cmyk)
        {
            return image.Copy();
        }
        try
        {
            using var transformed = image.IccTransform("srgb", embedded: true, depth: 8);
            return transformed.CopyMemory();
        }
        catch (VipsException)
        {
            // A profile that is broken, or made for other pixels than these, is as good as none; browsers ignore it too.
            return image.Copy();
        }
    }

    /// <summary>Bands that mean nothing to a viewer, as scientific TIFFs have them, are left out. Null when there are none.</summary>
    private static Image? WithoutExtraBands(Image image)
    {
        var bands = image.Bands;
        if (image.Interpretation != Enums.Interpretation.Multiband && bands <= (image.Interpretation == Enums.Interpretation.Cmyk ? 5 : 4))
        {
            return null;
        }
        using var first = image.ExtractBand(0, n: bands >= 3 ? 3 : 1);
        var isDeep = image.Format is Enums.BandFormat.Ushort;
        return first.Copy(interpretation: (bands >= 3, isDeep) switch
        {
            (true, true) => Enums.Interpretation.Rgb16,
            (true, false) => Enums.Interpretation.Srgb,
            (false, true) => Enums.Interpretation.Grey16,
            (false, false) => Enums.Interpretation.Bw,
        });
    }

    private Picture Describe(Image picture, PictureHeader header)
    {
        var renditions = Renditions.Encode(picture, header.IsAnimated, out var small, cancellationToken);
        using (small)
        {
            var shown = header.Upright();
            var sample = PictureSample.Of(small).Within(SampleSide);
            var placeholder = sample.Within(ThumbHash.MaxSide);
            var colors = ColorSummary.Of(sample.Rgba, sample.Width);
            return new Picture(
                format, shown.Width, shown.Height, header.Frames, picture.HasAlpha(),
                colors.Palette, colors.Dominant, colors.Accent, colors.IsBlackAndWhite,
                ThumbHash.Encode(placeholder.Width, placeholder.Height, placeholder.Rgba), PerceptualHash.Of(sample.Width, sample.Height, sample.Rgba), ReadExif(header), renditions);
        }
    }

    private Exif? ReadExif(PictureHeader header) => format == ImageFormat.Tiff
        ? ExifReader.ReadTiff(original)
        : header.Exif is { } block ? ExifReader.Read(block) : null;

    private T Load<T>(Func<Image, T> read, int shrink = 1, int frames = -1)
    {
        original.Position = 0;
        using var source = new StreamSource(original, cancellationToken);
        try
        {
            using var image = Open(source, shrink, frames);
            return read(image);
        }
        catch (VipsException e)
        {
            source.ThrowIfFailed();
            throw new CorruptImageException(e);
        }
    }

    /// <summary>By the loader of the format that was told from the bytes, and no other.</summary>
    private Image Open(Source source, int shrink, int frames)
    {
        const Enums.Access access = Enums.Access.Sequential;
        const Enums.FailOn failOn = Enums.FailOn.Truncated;
        return format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source, shrink: shrink, access: access, failOn: failOn),
            ImageFormat.Png => Image.PngloadSource(source, access: access, failOn: failOn),
            ImageFormat.WebP => Image.WebploadSource(source, n: frames, access: access, failOn: failOn),
            ImageFormat.Gif => Image.GifloadSource(source, n: frames, access: access, failOn: failOn),
            ImageFormat.Tiff => Image.TiffloadSource(source, access: access, failOn: failOn),
            ImageFormat.Avif or ImageFormat.Heic => Image.HeifloadSource(source, access: access, failOn: failOn),
            _ => throw new ArgumentOutOfRangeException(nameof(source), format, null),
        };
    }
}
