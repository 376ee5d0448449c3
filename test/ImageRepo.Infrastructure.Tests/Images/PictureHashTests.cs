using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ImageRepo.Domain.Images;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Tests.Images;

public sealed class PictureHashTests : IAsyncLifetime
{
    private InfrastructureHost _host = null!;

    public async Task InitializeAsync() => _host = await InfrastructureHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Other_metadata_is_the_same_picture_and_other_pixels_are_not()
    {
        var photo = await File.ReadAllBytesAsync(Photos.Giraffe);
        var hash = await HashAsync(photo);

        Assert.NotNull(hash);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(WithoutMetadata(photo))), hash.Value.Value);
        Assert.Equal(hash, await HashAsync(WithSegment(photo, 0xFE, "a comment"u8)));
        Assert.Equal(hash, await HashAsync(WithSegment(photo, 0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"u8)));
        Assert.Equal(hash, await HashAsync(WithSegment(photo, 0xED, "Photoshop 3.0\0"u8)));
        Assert.Equal(hash, await HashAsync(WithSegment(photo, 0xE2, "MPF\0"u8)));
        Assert.Equal(hash, await HashAsync(WithSegment(photo, 0xE2, "a long one that is no profile"u8)));
        Assert.Equal(hash, await HashAsync([.. photo, .. "what a phone adds behind the picture"u8]));
        Assert.NotEqual(hash, await HashAsync(WithSegment(photo, 0xE2, "ICC_PROFILE\0\x01\x01 other colours"u8)));
        Assert.NotEqual(hash, await HashAsync(WithSegment(photo, 0xEE, "Adobe\0d\0\0\0\0\x01"u8)));
        Assert.NotEqual(hash, await HashAsync(await File.ReadAllBytesAsync(Photos.Eagle)));
    }

    [Fact]
    public async Task It_does_not_matter_in_what_pieces_the_file_arrives()
    {
        using var pixels = Image.NewFromFile(Photos.Giraffe);
        using var small = pixels.Resize(0.25);
        foreach (var file in new[]
        {
            WithSegment(small.JpegsaveBuffer(q: 80), 0xE1, "Exif\0\0"u8),
            [.. small.JpegsaveBuffer(q: 80)[..^2], 0xFF, 0xFF, 0xFF, 0xD9], // any number of fill bytes may stand before a marker
            WithSegment(small.JpegsaveBuffer(q: 80, interlace: true, restartInterval: 4), 0xE2, "ICC_PROFILE\0\x01\x01"u8),
            WithFill(small.JpegsaveBuffer(q: 80, restartInterval: 4), [0xFF, 0xD1]),
            WithFill(small.JpegsaveBuffer(q: 80), [0xFF, 0x00]),
            small.PngsaveBuffer(),
        })
        {
            var hash = await HashAsync(file);

            Assert.NotNull(hash);
            Assert.Equal(hash, await HashAsync(file, piece: 1));
            Assert.Equal(hash, await HashAsync(file, piece: 7));
        }
    }

    [Fact]
    public async Task The_text_of_a_png_is_no_part_of_its_picture()
    {
        using var pixels = Image.NewFromFile(Photos.Giraffe);
        using var small = pixels.Resize(0.1);
        var picture = small.PngsaveBuffer();
        var hash = await HashAsync(picture);

        Assert.NotNull(hash);
        foreach (var kind in (string[])["tEXt", "zTXt", "iTXt", "eXIf", "tIME", "pHYs"])
        {
            Assert.Equal(hash, await HashAsync(WithChunk(picture, kind, "Title\0something"u8)));
        }
        Assert.Equal(hash, await HashAsync([.. picture, 1, 2, 3]));
        Assert.NotEqual(hash, await HashAsync(WithChunk(picture, "gAMA", [0, 0, 0xB1, 0x8F])));
    }

    [Fact]
    public async Task Files_that_end_early_or_are_badly_made_have_none()
    {
        var photo = await File.ReadAllBytesAsync(Photos.Giraffe);
        using var pixels = Image.NewFromFile(Photos.Giraffe);
        using var small = pixels.Resize(0.1);
        var png = small.PngsaveBuffer();

        Assert.Null(await HashAsync(photo[..(photo.Length / 2)]));
        Assert.Null(await HashAsync([.. photo[..2], 0xFF, 0xE1, 0, 1, .. photo[2..]]));
        Assert.Null(await HashAsync([.. photo[..3], .. new byte[100]]));
        Assert.Null(await HashAsync(png[..^3]));
        Assert.Null(await HashAsync([.. png[..8], 0xFF, 0xFF, 0xFF, 0xFF, .. png[12..]]));
        Assert.Null(await HashAsync(small.WebpsaveBuffer()));
    }

    private async Task<ContentHash?> HashAsync(byte[] file, int piece = int.MaxValue)
    {
        var owner = await _host.NewOwnerAsync();
        return await _host.InScopeAsync(owner, async services =>
        {
            var uploader = services.GetRequiredService<ImageUploader>();
            var staged = await uploader.StageAsync(owner, "photo", new InPieces(file, piece), default);
            await uploader.DiscardAsync(staged);
            return staged.PictureHash;
        });
    }

    /// <summary>The definition once more, on the whole file in memory.</summary>
    private static byte[] WithoutMetadata(byte[] jpeg)
    {
        List<byte> kept = [0xFF, 0xD8];
        var at = 2;
        while (jpeg[at + 1] != 0xDA)
        {
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
            var isProfile = jpeg[at + 1] == 0xE2 && Encoding.ASCII.GetString(jpeg, at + 4, 12) == "ICC_PROFILE\0";
            if (jpeg[at + 1] is not (>= 0xE0 and <= 0xEF or 0xFE) or 0xEE || isProfile)
            {
                kept.AddRange(jpeg[at..(at + length)]);
            }
            at += length;
        }
        // A baseline photo has one scan, which ends with the file.
        kept.AddRange(jpeg[at..(jpeg.AsSpan(at).LastIndexOf<byte>([0xFF, 0xD9]) + at + 2)]);
        return [.. kept];
    }

    private static byte[] WithSegment(byte[] jpeg, byte marker, ReadOnlySpan<byte> content)
    {
        var length = content.Length + 2;
        return [.. jpeg[..2], 0xFF, marker, (byte)(length >> 8), (byte)length, .. content, .. jpeg[2..]];
    }

    /// <summary>With two more fill bytes before the last of these markers.</summary>
    private static byte[] WithFill(byte[] jpeg, ReadOnlySpan<byte> marker)
    {
        var at = jpeg.AsSpan().LastIndexOf(marker);
        Assert.True(at > 0);
        return [.. jpeg[..at], 0xFF, 0xFF, .. jpeg[at..]];
    }

    /// <summary>Behind the header's chunk; nobody looks at the checksum here.</summary>
    private static byte[] WithChunk(byte[] png, string type, ReadOnlySpan<byte> content)
    {
        const int headerEnd = 8 + 8 + 13 + 4;
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. png[..headerEnd], .. length, .. Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0, .. png[headerEnd..]];
    }

    private sealed class InPieces(byte[] file, int piece) : MemoryStream(file)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
