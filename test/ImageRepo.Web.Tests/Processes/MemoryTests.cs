using ImageRepo.Testing;
using NetVips;

namespace ImageRepo.Web.Tests.Processes;

[Collection(ProcessCollection.Name)]
[Trait("Category", "Full")]
public sealed class MemoryTests
{
    private const int Padding = 50_000_000;
    private const long Allowed = 15 << 20;
    private const long AllowedOverIdle = 250 << 20;
    private const int WarmUp = 10;
    private const int Rounds = 5;

    [Contract("T10")]
    [Fact]
    public async Task An_upload_of_50_megabytes_takes_at_most_15_more_beside_the_decode()
    {
        // No worker: what the analysis takes is not the upload's.
        await using var app = await BuiltApp.StartAsync(("Roles", "web"));
        using var person = await app.SignUpAsync("measured");
        // Small, so that the decode, which both sorts of upload share, does not hide what the bytes take before it.
        var small = Repository.Photo("nuthatch.jpg");
        byte[] Alone() => Photos.Variant(small);
        // What follows the end marker belongs to the file but not to the picture: the decode is the same.
        byte[] Padded() => [.. Photos.Variant(small), .. Noise()];
        await PeakAsync(app, person, Alone, WarmUp);

        var alone = await PeakAsync(app, person, Alone, Rounds);
        var padded = await PeakAsync(app, person, Padded, 1);
        var more = await PeakAsync(app, person, Padded, Rounds);

        Assert.True(padded - alone <= Allowed, $"{alone >> 10} KiB at most for the picture alone, {padded >> 10} KiB with {Padding} bytes behind it.");
        // The collector's heap grows for a while with what passes through (measured: 18 MiB after five); a file that is kept would show.
        Assert.True(more - alone < Padding, $"{alone >> 10} KiB at most for the picture alone, {more >> 10} KiB after {Rounds} more with {Padding} bytes behind it.");
    }

    [Fact]
    public async Task Work_on_progressive_photos_of_24_megapixels_takes_at_most_250_megabytes_over_idle()
    {
        await using var app = await BuiltApp.StartAsync(("Roles", "web"));
        using var person = await app.SignUpAsync("photographer");
        var photo = Progressive(6000, 4000);
        var idle = app.ResidentMemory;

        // Four at once, of which as many are decoded as there are cores.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await person.UploadAsync(Variant(photo), "progressive.jpg");
            }
        })));

        Assert.True(app.PeakMemory - idle <= AllowedOverIdle, $"{idle >> 20} MiB idle, {app.PeakMemory >> 20} MiB at most.");
    }

    /// <summary>A photo enlarged and saved so that a decoder must hold all of it (libjpeg keeps every coefficient until the last scan).</summary>
    private static byte[] Progressive(int width, int height)
    {
        using var small = Image.NewFromFile(Repository.Photo("giraffe-zebra.jpg"));
        using var large = small.ThumbnailImage(width, height: height, size: Enums.Size.Force);
        return large.JpegsaveBuffer(q: 85, interlace: true);
    }

    private static byte[] Variant(byte[] jpeg) => [.. jpeg, .. Guid.NewGuid().ToByteArray()];

    /// <summary>The most resident memory during some uploads, in bytes.</summary>
    private static async Task<long> PeakAsync(BuiltApp app, ImageRepoClient person, Func<byte[]> file, int uploads)
    {
        // 5: forget the peak so far (proc(5)).
        await File.WriteAllTextAsync($"/proc/{app.ProcessId}/clear_refs", "5");
        for (var i = 0; i < uploads; i++)
        {
            await person.UploadAsync(file(), "measured.jpg");
        }
        return app.PeakMemory;
    }

    private static byte[] Noise()
    {
        var bytes = new byte[Padding];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }
}
