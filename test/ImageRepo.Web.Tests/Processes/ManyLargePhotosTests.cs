using System.Diagnostics;
using System.Text.Json;
using ImageRepo.Testing;
using NetVips;

namespace ImageRepo.Web.Tests.Processes;

[Collection(ProcessCollection.Name)]
[Trait("Category", "Full")]
public sealed class ManyLargePhotosTests
{
    private const int Wanted = 15;
    private const double LeastPixels = 12e6;
    private const double MostPixels = 24.5e6;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Fifteen_large_photos_uploaded_at_once_are_described_tagged_and_coloured_within_two_minutes()
    {
        var folder = Directory.CreateTempSubdirectory("imagerepo-photos-").FullName;
        try
        {
            var photos = await LargePhotosAsync(folder);
            await using var app = await BuiltApp.StartAsync();
            using var person = await app.SignUpAsync("photographer");
            var watch = Stopwatch.StartNew();

            await Task.WhenAll(photos.Select(p => Task.Run(() => person.UploadAsync(p))));
            var uploaded = watch.Elapsed;
            JsonElement[] waiting;
            do
            {
                await Task.Delay(250);
                var data = await person.GraphQLAsync("{ images(first: 100) { nodes { fileName analysis { status failure } description { text } tags { name } colors { hex } } } }");
                JsonElement[] images = [.. data.GetProperty("images").GetProperty("nodes").EnumerateArray()];
                Assert.Equal(Wanted, images.Length);
                waiting = [.. images.Where(i => !IsComplete(i))];
            }
            while (waiting is not [] && watch.Elapsed < Limit);

            Assert.True(waiting is [], $"After {watch.Elapsed} (uploaded after {uploaded}): {string.Join('\n', waiting)}");
            Assert.Empty(app.Errors());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsComplete(JsonElement image) =>
        image.GetProperty("analysis").GetProperty("status").GetString() == "COMPLETED"
        && image.GetProperty("description") is { ValueKind: JsonValueKind.Object } description
        && !string.IsNullOrWhiteSpace(description.GetProperty("text").GetString())
        && image.GetProperty("tags").GetArrayLength() > 0
        && image.GetProperty("colors").GetArrayLength() > 0;

    /// <summary>Photos in full size as far as this machine can fetch them; small ones enlarged for the rest.</summary>
    private static async Task<IReadOnlyList<string>> LargePhotosAsync(string folder)
    {
        using (var fetch = Process.Start(new ProcessStartInfo("sh", [Path.Combine(Repository.Root, "test", "photos", "fetch-originals.sh"), folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            // Where there is no apt, or it reaches nothing, this fails and the photos below do.
            var words = Task.WhenAll(fetch.StandardOutput.ReadToEndAsync(), fetch.StandardError.ReadToEndAsync());
            await fetch.WaitForExitAsync();
            await words;
        }
        List<string> photos = [.. Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Where(p => PixelsOf(p) is >= LeastPixels and <= MostPixels).Take(Wanted)];
        foreach (var small in Directory.EnumerateFiles(Path.Combine(Repository.Root, "test", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(Wanted - photos.Count))
        {
            // Between the two bounds, each in another size.
            var large = Path.Combine(folder, $"large-{Path.GetFileName(small)}");
            using var picture = Image.NewFromFile(small);
            using var resized = picture.Resize(Math.Sqrt((LeastPixels * 1.05 + (photos.Count % 5 * 2.5e6)) / ((double)picture.Width * picture.Height)));
            resized.Jpegsave(large, q: 90);
            photos.Add(large);
        }
        Assert.Equal(Wanted, photos.Count);
        return photos;
    }

    private static double PixelsOf(string path)
    {
        using var picture = Image.NewFromFile(path);
        return (double)picture.Width * picture.Height;
    }
}
