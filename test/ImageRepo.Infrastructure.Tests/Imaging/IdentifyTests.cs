using System.Text;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class IdentifyTests
{
    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Heic)]
    public void The_format_is_told_from_the_bytes(ImageFormat format)
    {
        var file = TestPictures.Of(format);

        Assert.Equal(format, Identify(file));
    }

    [Theory]
    [InlineData("mif1", "avif", ImageFormat.Avif)]
    [InlineData("mif1", "heic", ImageFormat.Heic)]
    [InlineData("avis", "msf1", ImageFormat.Avif)]
    public void A_generic_brand_leaves_it_to_the_others(string major, string other, ImageFormat expected) =>
        Assert.Equal(expected, Identify(Ftyp(major, other)));

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml")]
    [InlineData("\uFEFF<?xml version='1.0'?><!-- hello --><svg/>", "image/svg+xml")]
    [InlineData("%PDF-1.7\n", "application/pdf")]
    [InlineData("<!DOCTYPE html><html></html>", "text/html")]
    [InlineData("just some text", "text/plain")]
    [InlineData("BM__________________", "image/bmp")]
    public void Other_types_are_named(string content, string type)
    {
        var refused = Assert.Throws<UnsupportedImageFormatException>(() => Identify(Encoding.UTF8.GetBytes(content)));

        Assert.Equal(type, refused.DetectedType);
        Assert.Equal(ImageFormats.SupportedTypes, refused.SupportedTypes);
    }

    [Fact]
    public void A_video_is_named() =>
        Assert.Equal("video/mp4", Assert.Throws<UnsupportedImageFormatException>(() => Identify(Ftyp("isom", "mp42"))).DetectedType);

    [Fact]
    public void An_svg_is_refused_because_it_can_hold_scripts() =>
        Assert.Contains("scripts", Assert.Throws<UnsupportedImageFormatException>(() => Identify("<svg/>"u8)).Message, StringComparison.Ordinal);

    [Fact]
    public void Unknown_bytes_have_no_type() =>
        Assert.Null(Assert.Throws<UnsupportedImageFormatException>(() => Identify([0, 1, 2, 3, 4, 5, 6, 7])).DetectedType);

    [Fact]
    public void No_bytes_are_an_empty_file() => Assert.Throws<EmptyFileException>(() => Identify([]));

    [Fact]
    public void Any_head_is_a_format_or_refused()
    {
        var random = new Random(1);
        foreach (var seed in Enum.GetValues<ImageFormat>().Select(f => TestPictures.Of(f, 64, 64)))
        {
            for (var length = 1; length < 40; length++)
            {
                var head = seed[..Math.Min(length, seed.Length)];
                head[random.Next(head.Length)] ^= (byte)(1 << random.Next(8));
                // Anything else than these two endings fails the test.
                try
                {
                    Identify(head);
                }
                catch (UnsupportedImageFormatException)
                {
                }
            }
        }
    }

    private static ImageFormat Identify(ReadOnlySpan<byte> head) => TestPictures.Reader().Identify(head[..Math.Min(head.Length, TestPictures.Reader().HeadLength)]);

    private static byte[] Ftyp(string major, string other) =>
        [0, 0, 0, 20, .. "ftyp"u8, .. Encoding.ASCII.GetBytes(major), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(other), 0, 0, 0, 8, .. "mdat"u8];
}
