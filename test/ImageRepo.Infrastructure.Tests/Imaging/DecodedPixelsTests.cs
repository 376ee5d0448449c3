using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Imaging;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class DecodedPixelsTests
{
    [Theory]
    [InlineData(".webp[lossless]")]
    [InlineData(".png")]
    public void Squash_gives_the_rgb_bytes_of_exactly_the_size_asked_for(string suffix)
    {
        using var pixels = DecodedPixels.Decode(Halves(200, 100, suffix));

        var rgb = Bytes(pixels.Squash(40, 40));

        Assert.Equal(40 * 40 * 3, rgb.Length);
        Assert.Equal([255, 0, 0], rgb[..3]);
        Assert.Equal([0, 0, 255], rgb[^3..]);
    }

    [Fact]
    public void Letterbox_keeps_the_aspect_ratio_and_tells_where_the_picture_lies()
    {
        using var pixels = DecodedPixels.Decode(Halves(200, 100, ".png"));

        var rgb = Bytes(pixels.Letterbox(64, out var frame));

        Assert.Equal(64 * 64 * 3, rgb.Length);
        Assert.Equal(new LetterboxFrame(0.32, 0, 16, 64, 32), frame);
        Assert.Equal([0, 0, 0], Pixel(rgb, 64, 10, 15));
        Assert.Equal([255, 0, 0], Pixel(rgb, 64, 10, 16));
        Assert.Equal([0, 0, 255], Pixel(rgb, 64, 50, 47));
        Assert.Equal([0, 0, 0], Pixel(rgb, 64, 50, 48));
    }

    [Fact]
    public void Transparent_parts_are_white_and_gray_pictures_have_three_bands()
    {
        using var clear = DecodedPixels.Decode(Encode(Image.Black(8, 8, bands: 4).Copy(interpretation: Enums.Interpretation.Srgb), ".webp[lossless]"));
        using var gray = DecodedPixels.Decode(Encode((Image.Black(8, 8) + 90).Cast(Enums.BandFormat.Uchar), ".jpg"));

        Assert.All(Bytes(clear.Squash(4, 4)), v => Assert.Equal(255, v));
        Assert.All(Bytes(gray.Squash(4, 4)), v => Assert.InRange(v, 89, 91));
        Assert.Equal(48, Bytes(gray.Squash(4, 4)).Length);
    }

    [Fact]
    public void Truncated_bytes_are_corrupt()
    {
        var whole = Halves(400, 300, ".jpg").ToArray();

        Assert.Throws<CorruptImageException>(() => DecodedPixels.Decode(new MemoryStream(whole[..(whole.Length / 2)])));
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read_too()
    {
        using var compressed = new MemoryStream();
        using (var pack = new System.IO.Compression.BrotliStream(compressed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            Halves(200, 100, ".webp").CopyTo(pack);
        }
        compressed.Position = 0;
        using var forward = new System.IO.Compression.BrotliStream(compressed, System.IO.Compression.CompressionMode.Decompress);

        using var pixels = DecodedPixels.Decode(forward);

        Assert.Equal((200, 100), (pixels.Width, pixels.Height));
    }

    private static byte[] Bytes(RgbPixels rgb)
    {
        using (rgb)
        {
            return rgb.Data.ToArray();
        }
    }

    private static byte[] Pixel(byte[] rgb, int width, int x, int y) => rgb[((y * width + x) * 3)..((y * width + x) * 3 + 3)];

    private static MemoryStream Halves(int width, int height, string suffix)
    {
        using var red = Image.Black(width / 2, height, bands: 3) + new double[] { 255, 0, 0 };
        using var blue = Image.Black(width / 2, height, bands: 3) + new double[] { 0, 0, 255 };
        return Encode(red.Join(blue, Enums.Direction.Horizontal).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb), suffix);
    }

    private static MemoryStream Encode(Image image, string suffix) => new(image.WriteToBuffer(suffix));
}
