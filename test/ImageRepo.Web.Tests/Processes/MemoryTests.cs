using System.Globalization;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

[Collection(ProcessCollection.Name)]
[Trait("Category", "Full")]
public sealed class MemoryTests
{
    private const int Padding = 50_000_000;
    private const long Allowed = 15 << 20;
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

    /// <summary>The most resident memory during some uploads, in bytes.</summary>
    private static async Task<long> PeakAsync(BuiltApp app, ImageRepoClient person, Func<byte[]> file, int uploads)
    {
        // 5: forget the peak so far (proc(5)).
        await File.WriteAllTextAsync($"/proc/{app.ProcessId}/clear_refs", "5");
        for (var i = 0; i < uploads; i++)
        {
            await person.UploadAsync(file(), "measured.jpg");
        }
        var peak = File.ReadLines($"/proc/{app.ProcessId}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture) << 10;
    }

    private static byte[] Noise()
    {
        var bytes = new byte[Padding];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }
}
