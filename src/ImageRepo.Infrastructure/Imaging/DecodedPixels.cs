using ImageRepo.Domain.Images;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>Where the picture lies in a letterboxed square: <c>boxed = original * Scale + offset</c>, in pixels.</summary>
internal readonly record struct LetterboxFrame(double Scale, int OffsetX, int OffsetY, int Width, int Height);

/// <summary>A rendition, decoded once into memory, that models can ask for in any size. RGB of 8 bits, row by row, transparent parts on white; safe to share between threads.</summary>
internal sealed class DecodedPixels : IDisposable
{
    private readonly Image _image;

    private DecodedPixels(Image image) => _image = image;

    public int Width => _image.Width;
    public int Height => _image.Height;

    /// <summary>Reads the first frame of a JPEG, WebP, PNG, … The caller disposes the stream, which isn't needed any more afterwards.</summary>
    /// <exception cref="CorruptImageException">Truncated or otherwise unreadable.</exception>
    public static DecodedPixels Decode(Stream encoded)
    {
        Vips.EnsureReady();
        using var source = new StreamSource(encoded, CancellationToken.None);
        try
        {
            using var opened = Image.NewFromSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Truncated);
            using var upright = opened.Autorot();
            using var srgb = upright.Colourspace(Enums.Interpretation.Srgb);
            using var opaque = srgb.HasAlpha() ? srgb.Flatten(background: [255.0]) : srgb.Copy();
            using var bytes = opaque.Cast(Enums.BandFormat.Uchar);
            return new DecodedPixels(bytes.CopyMemory());
        }
        catch (VipsException e)
        {
            source.ThrowIfFailed();
            throw new CorruptImageException(e);
        }
    }

    /// <summary>Exactly this size, the aspect ratio not kept; the caller disposes it.</summary>
    public RgbPixels Squash(int width, int height)
    {
        using var resized = Resize(width, height);
        return new RgbPixels(resized);
    }

    /// <summary>A square with the whole picture in its middle and black around it; the caller disposes it.</summary>
    public RgbPixels Letterbox(int size, out LetterboxFrame frame)
    {
        var scale = (double)size / Math.Max(Width, Height);
        var width = Math.Max(1, (int)Math.Round(Width * scale));
        var height = Math.Max(1, (int)Math.Round(Height * scale));
        frame = new LetterboxFrame(scale, (size - width) / 2, (size - height) / 2, width, height);
        using var resized = Resize(width, height);
        using var boxed = resized.Embed(frame.OffsetX, frame.OffsetY, size, size);
        return new RgbPixels(boxed);
    }

    /// <summary>Turned clockwise by a quarter; the caller disposes it.</summary>
    public DecodedPixels Turned()
    {
        using var turned = _image.Rot90();
        return new DecodedPixels(turned.CopyMemory());
    }

    /// <summary>All of it, as it is; the caller disposes it.</summary>
    public RgbPixels Whole() => new(_image);

    /// <param name="quality">1 to 100.</param>
    public byte[] ToJpeg(int quality) => _image.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);

    public void Dispose() => _image.Dispose();

    private Image Resize(int width, int height) =>
        _image.ThumbnailImage(width, height, size: Enums.Size.Force);
}
