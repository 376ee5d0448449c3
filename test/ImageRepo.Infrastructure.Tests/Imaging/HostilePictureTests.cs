using System.Buffers.Binary;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using NetVips;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class HostilePictureTests
{
    public static TheoryData<ImageFormat> Formats => [.. Enum.GetValues<ImageFormat>()];

    [Fact]
    public async Task A_png_of_900_megapixels_is_refused_by_its_header()
    {
        var stream = new CountingStream(Png(30_000, 30_000, idat: new byte[2_600_000]));

        var refused = await Assert.ThrowsAsync<ImageDimensionsTooLargeException>(
            () => TestPictures.Reader().ReadAsync(stream, ImageFormat.Png, CancellationToken.None));

        Assert.Equal((30_000, 30_000, 1, 100_000_000L), (refused.Width, refused.Height, refused.Frames, refused.MaxPixels));
        Assert.InRange(stream.BytesGiven, 1, 100_000);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Avif)]
    public async Task A_header_that_claims_too_much_is_refused_before_decoding(ImageFormat format)
    {
        var file = TestPictures.Of(format, 64, 64);
        Claim(format, file, 16_000);
        var stream = new CountingStream(file);

        var refused = await Assert.ThrowsAsync<ImageDimensionsTooLargeException>(
            () => TestPictures.Reader().ReadAsync(stream, format, CancellationToken.None));

        Assert.Equal(16_000, refused.Width);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Avif)]
    public async Task A_header_that_lies_within_the_limits_is_an_ordinary_outcome(ImageFormat format)
    {
        var file = TestPictures.Of(format, 64, 64);
        Claim(format, file, 9_000);

        await AssertReadOrRefusedAsync(file, format);
    }

    [Theory]
    [InlineData(".gif")]
    [InlineData(".webp")]
    public async Task Too_many_frames_are_refused(string suffix)
    {
        var limits = new ImageLimits { Frames = 5 };

        var refused = await Assert.ThrowsAsync<ImageDimensionsTooLargeException>(() => TestPictures.ReadAsync(TestPictures.Animation(suffix, 7), limits));

        Assert.True(refused.Frames > 5);
        Assert.Equal(5, (await TestPictures.ReadAsync(TestPictures.Animation(suffix, 5), limits)).Frames);
    }

    [Theory]
    [InlineData(".gif")]
    [InlineData(".webp")]
    public async Task The_pixels_of_all_frames_count(string suffix) => await Assert.ThrowsAsync<ImageDimensionsTooLargeException>(
        () => TestPictures.ReadAsync(TestPictures.Animation(suffix, 10, 200, 100), new ImageLimits { Pixels = 199_999 }));

    [Fact]
    public async Task Pages_of_a_tiff_are_limited_like_frames()
    {
        using var pages = NetVips.Image.Black(20, 20 * 8).Mutate(m => m.Set(GValue.GIntType, "page-height", 20));

        await Assert.ThrowsAsync<ImageDimensionsTooLargeException>(() => TestPictures.ReadAsync(TestPictures.Encode(pages, ".tif"), new ImageLimits { Frames = 7 }));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_truncated_file_is_corrupt(ImageFormat format)
    {
        var file = TestPictures.Of(format);
        foreach (var part in new[] { 0.3, 0.6, 0.9 })
        {
            var refused = await Assert.ThrowsAsync<CorruptImageException>(
                () => TestPictures.Reader().ReadAsync(new MemoryStream(file[..(int)(file.Length * part)]), format, CancellationToken.None));

            Assert.Equal("The image is damaged or incomplete and can't be read.", refused.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Nothing_but_a_signature_is_corrupt(ImageFormat format)
    {
        foreach (var length in new[] { 1, 3, 12, 20 })
        {
            await Assert.ThrowsAsync<CorruptImageException>(
                () => TestPictures.Reader().ReadAsync(new MemoryStream(TestPictures.Of(format, 64, 64)[..length]), format, CancellationToken.None));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_bytes_of_another_format_are_corrupt(ImageFormat format)
    {
        // Whoever calls with the wrong format must not reach another loader by it.
        var other = format == ImageFormat.Png ? ImageFormat.Jpeg : ImageFormat.Png;

        await Assert.ThrowsAsync<CorruptImageException>(
            () => TestPictures.Reader().ReadAsync(new MemoryStream(TestPictures.Of(other, 64, 64)), format, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Flipped_bits_end_in_a_picture_or_a_refusal(ImageFormat format)
    {
        var file = format == ImageFormat.Heic ? TestPictures.Of(format) : TestPictures.Of(format, 96, 64);
        var random = new Random(format.GetHashCode() + 11);
        for (var round = 0; round < (format == ImageFormat.Heic ? 12 : 60); round++)
        {
            var broken = file.ToArray();
            for (var flips = 1 + round % 8; flips > 0; flips--)
            {
                // Half of them in the head, where the structure is.
                broken[random.Next(4, flips % 2 == 0 ? Math.Min(400, broken.Length) : broken.Length)] ^= (byte)(1 << random.Next(8));
            }
            await AssertReadOrRefusedAsync(broken, format);
        }
    }

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    public async Task Flipped_bits_in_an_animation_end_in_a_picture_or_a_refusal(ImageFormat format)
    {
        var file = TestPictures.Animation(format == ImageFormat.Gif ? ".gif" : ".webp", 6, 80, 60, transparent: true);
        var random = new Random(23);
        for (var round = 0; round < 60; round++)
        {
            var broken = file.ToArray();
            broken[random.Next(6, broken.Length)] ^= (byte)(1 << random.Next(8));
            broken[random.Next(6, Math.Min(100, broken.Length))] ^= (byte)(1 << random.Next(8));
            await AssertReadOrRefusedAsync(broken, format);
        }
    }

    private static async Task AssertReadOrRefusedAsync(byte[] file, ImageFormat format)
    {
        try
        {
            var picture = await TestPictures.Reader().ReadAsync(new MemoryStream(file), format, CancellationToken.None);
            Assert.NotEmpty(picture.Renditions);
        }
        catch (Exception e) when (e is CorruptImageException or ImageDimensionsTooLargeException)
        {
        }
    }

    private static void Claim(ImageFormat format, byte[] file, ushort side)
    {
        switch (format)
        {
            case ImageFormat.Jpeg:
                var frame = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), side);
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), side);
                break;
            case ImageFormat.Gif:
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(6), side);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), side);
                break;
            case ImageFormat.WebP:
                var key = file.AsSpan().IndexOf([(byte)0x9D, (byte)0x01, (byte)0x2A]);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(key + 3), side);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(key + 5), side);
                // What libvips writes has a canvas of its own before the frame: 24 bits each, less one.
                var canvas = file.AsSpan().IndexOf("VP8X"u8) + 12;
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(canvas), side - 1);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(canvas + 3), (ushort)(side - 1));
                break;
            case ImageFormat.Tiff:
                var directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
                for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(directory)); i++)
                {
                    var entry = file.AsSpan(directory + 2 + i * 12);
                    if (BinaryPrimitives.ReadUInt16LittleEndian(entry) is 256 or 257)
                    {
                        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], side);
                    }
                }
                break;
            case ImageFormat.Avif:
                var size = file.AsSpan().IndexOf("ispe"u8);
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(size + 8), side);
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(size + 12), side);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static byte[] Png(int width, int height, byte[] idat)
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG"u8, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk("IHDR"u8, header);
        Chunk("IDAT"u8, idat);
        Chunk("IEND"u8, []);
        return file.ToArray();

        void Chunk(ReadOnlySpan<byte> type, byte[] data)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(type);
            file.Write(data);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc([.. type, .. data]));
            file.Write(number);
        }
    }

    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
            }
        }
        return ~crc;
    }
}
