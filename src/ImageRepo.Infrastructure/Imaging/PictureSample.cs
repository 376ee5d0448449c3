using System.Numerics;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>A small copy of a picture, for what looks at its colours and shapes.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Rgba">Four bytes a pixel, row by row, not premultiplied.</param>
internal sealed record PictureSample(int Width, int Height, byte[] Rgba)
{
    /// <summary>The first frame as it is.</summary>
    public static PictureSample Of(Image image)
    {
        using var frame = image.PageHeight < image.Height ? image.Crop(0, 0, image.Width, image.PageHeight) : null;
        var pixels = (frame ?? image).WriteToMemory<byte>();
        return new PictureSample(image.Width, image.PageHeight, image.HasAlpha() ? pixels : Opaque(pixels));
    }

    private static byte[] Opaque(byte[] rgb)
    {
        var rgba = new byte[rgb.Length / 3 * 4];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) = (rgb[from], rgb[from + 1], rgb[from + 2], 255);
        }
        return rgba;
    }

    /// <summary>
    /// With no side longer than this; each pixel is the mean of what it covers. A sharper filter rings, which makes light and dark seams that
    /// are no colours of the picture. Done here, as setting libvips up for so few pixels takes longer than the work.
    /// </summary>
    public PictureSample Within(int side)
    {
        var longer = Math.Max(Width, Height);
        if (longer <= side)
        {
            return this;
        }
        var width = Math.Max(1, (int)Math.Round((double)Width * side / longer));
        var height = Math.Max(1, (int)Math.Round((double)Height * side / longer));
        var (columns, rows) = (Spans(Width, width), Spans(Height, height));
        var narrow = new Vector4[width * Height];
        var line = new Vector4[Width];
        for (var y = 0; y < Height; y++)
        {
            Premultiply(Rgba.AsSpan(y * Width * 4, Width * 4), line);
            for (var x = 0; x < width; x++)
            {
                var sum = Vector4.Zero;
                foreach (var (from, share) in columns[x])
                {
                    sum += share * line[from];
                }
                narrow[y * width + x] = sum;
            }
        }
        var rgba = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var sum = Vector4.Zero;
                foreach (var (from, share) in rows[y])
                {
                    sum += share * narrow[from * width + x];
                }
                Write(sum, rgba.AsSpan((y * width + x) * 4, 4));
            }
        }
        return new PictureSample(width, height, rgba);
    }

    /// <summary>Which pixels of a line each pixel of a shorter one covers, and how large a share of it each is.</summary>
    private static (int From, float Share)[][] Spans(int length, int shorter) => [.. Enumerable.Range(0, shorter).Select(to =>
    {
        var (start, end) = ((double)to * length / shorter, (double)(to + 1) * length / shorter);
        return Enumerable.Range((int)start, Math.Min((int)Math.Ceiling(end), length) - (int)start)
            .Select(from => (from, (float)((Math.Min(from + 1, end) - Math.Max(from, start)) / (end - start)))).ToArray();
    })];

    private static void Premultiply(ReadOnlySpan<byte> rgba, Span<Vector4> pixels)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            var alpha = rgba[x * 4 + 3];
            var color = new Vector4(rgba[x * 4], rgba[x * 4 + 1], rgba[x * 4 + 2], 255);
            pixels[x] = alpha == 255 ? color : color * (alpha / 255f);
        }
    }

    private static void Write(Vector4 premultiplied, Span<byte> rgba)
    {
        var alpha = premultiplied.W / 255;
        var color = alpha > 0 ? premultiplied / alpha : Vector4.Zero;
        (rgba[0], rgba[1], rgba[2], rgba[3]) = (Byte(color.X), Byte(color.Y), Byte(color.Z), Byte(premultiplied.W));
    }

    private static byte Byte(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
