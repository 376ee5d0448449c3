using System.Text.Json;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.GraphQL.Tests.Hosting;

/// <summary>A picture written down as JSON, so that a test says in one line what an image is. Padding after it makes a file of any size.</summary>
public sealed record TestPicture
{
    public ImageFormat Format { get; init; } = ImageFormat.Jpeg;
    public int Width { get; init; } = 400;
    public int Height { get; init; } = 300;
    public IReadOnlyDictionary<string, float> Colors { get; init; } = new Dictionary<string, float>();
    public DateTimeOffset? TakenAt { get; init; }
    public bool IsBlackAndWhite { get; init; }
    public long PerceptualHash { get; init; } = 42;
    public string Salt { get; init; } = Guid.NewGuid().ToString("N");

    public byte[] Encode(int length = 0)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this);
        byte[] file = [.. BitConverter.GetBytes(json.Length), .. json];
        Array.Resize(ref file, Math.Max(length, file.Length));
        return file;
    }

    public static TestPicture Decode(ReadOnlySpan<byte> file)
    {
        var length = file.Length >= 4 ? BitConverter.ToInt32(file) : 0;
        return length > 0 && length <= file.Length - 4 && file[4] == (byte)'{'
            ? JsonSerializer.Deserialize<TestPicture>(file.Slice(4, length))!
            : throw new UnsupportedImageFormatException(null, ImageFormats.SupportedTypes);
    }

    public Picture ToPicture() => new(
        Format, Width, Height, Frames: 1, HasAlpha: false,
        [.. Colors.Select(c => new ImageColor(HexColor.Parse(c.Key), Named(c.Key), c.Value)).OrderByDescending(c => c.Share)],
        [.. Colors.OrderByDescending(c => c.Value).Take(1).Select(c => Named(c.Key))],
        Colors.Count > 0 ? HexColor.Parse(Colors.Keys.First()) : null, IsBlackAndWhite, [1, 2, 3], PerceptualHash,
        TakenAt is { } taken ? new Exif("Maker", "Model", null, "1/250", 2.8, 100, 35, taken, null, new GeoLocation(52.5, 13.4, null)) : null,
        [new EncodedRendition(320, 320, 240, ImageFormat.WebP, [1]), new EncodedRendition(800, Width, Height, ImageFormat.WebP, [2])]);

    private static NamedColor Named(string hex) => hex switch
    {
        "#008080" => NamedColor.Teal,
        "#FF0000" => NamedColor.Red,
        "#FFFFFF" => NamedColor.White,
        "#000000" => NamedColor.Black,
        "#0000FF" => NamedColor.Blue,
        _ => NamedColor.Gray,
    };
}

internal sealed class TestPictureReader : IPictureReader
{
    public int HeadLength => 4 << 10;

    /// <summary>Set to make the next decode find no place.</summary>
    public bool IsBusy { get; set; }

    public ImageFormat Identify(ReadOnlySpan<byte> head) => head.Length == 0 ? throw new EmptyFileException() : TestPicture.Decode(head).Format;

    public async Task<Picture> ReadAsync(Stream original, ImageFormat format, CancellationToken cancellationToken)
    {
        if (IsBusy)
        {
            throw new ServerBusyException(TimeSpan.FromSeconds(7));
        }
        var head = new byte[HeadLength];
        var length = await original.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return TestPicture.Decode(head.AsSpan(0, length)).ToPicture();
    }

    public Task<EncodedRendition> RenderAsync(Stream original, ImageFormat format, RenditionPlan plan, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Asking for a link makes no picture.");
}
