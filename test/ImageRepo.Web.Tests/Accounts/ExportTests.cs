using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Accounts;

public abstract class ExportTests<TApp>(TApp app) : AppTests<TApp>(app)
    where TApp : ImageRepoApp
{
    [Fact]
    public async Task The_archive_holds_every_original_unchanged_and_all_that_is_known_of_it()
    {
        using var person = await App.SignUpAsync();
        var (giraffe, eagle) = (Photos.Variant(Photos.Giraffe), Photos.Variant(Photos.Eagle));
        var id = await person.UploadAsync(giraffe, "giraffe: a portrait?.jpg");
        var trashed = await person.UploadAsync(eagle, "eagle.jpg");
        await person.WaitForAnalysisAsync(id);
        await person.GraphQLAsync("mutation($id: ID!) { tagImages(input: { ids: [$id], add: [\"by my own word\"] }) { images { id } } }", new { id });
        await person.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id] }) { deletedIds } }", new { id = trashed });
        using var stranger = await App.SignUpAsync();
        await stranger.UploadAsync(Photos.Variant(Photos.Eagle), "of a stranger.jpg");

        using var response = await person.PostFormAsync("/account/export", []);

        Assert.Equal((HttpStatusCode.OK, "application/zip"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith($"imagerepo-{person.UserName}-", response.Content.Headers.ContentDisposition?.FileName);
        using var zip = new ZipArchive(new MemoryStream(await response.Content.ReadAsByteArrayAsync()));
        var images = Json(zip, "images.json").EnumerateArray().ToDictionary(i => i.GetProperty("fileName").GetString()!);
        Assert.Equal(2, images.Count);
        AssertSame(giraffe, zip, images["giraffe: a portrait?.jpg"]);
        AssertSame(eagle, zip, images["eagle.jpg"]);
        Assert.Contains(images["giraffe: a portrait?.jpg"].GetProperty("tags").EnumerateArray(), t => t.GetProperty("name").GetString() == "by my own word");
        Assert.NotEmpty(images["giraffe: a portrait?.jpg"].GetProperty("colors").EnumerateArray());
        Assert.Equal(JsonValueKind.String, images["eagle.jpg"].GetProperty("deletedAt").ValueKind);
        Assert.Equal(person.UserName, Json(zip, "account.json").GetProperty("userName").GetString());
        Assert.Equal(4, zip.Entries.Count);
        Assert.All(zip.Entries, e => Assert.DoesNotMatch("[<>:\"|?*\\\\]", e.FullName));
    }

    [Fact]
    public async Task A_library_of_many_pages_is_exported_whole()
    {
        using var person = await App.SignUpAsync();
        const int Count = 120;
        var photo = await SmallPhotoAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async lane =>
        {
            for (var i = lane; i < Count; i += 4)
            {
                await person.UploadAsync([.. photo, .. BitConverter.GetBytes(i)], $"{i}.png");
            }
        }));

        using var response = await person.PostFormAsync("/account/export", []);

        using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync());
        var names = Json(zip, "images.json").EnumerateArray().Select(i => i.GetProperty("fileName").GetString()).Order().ToList();
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}.png").Order(), names);
        Assert.Equal(Count + 2, zip.Entries.Count);
    }

    /// <summary>A red pixel; what follows the end of a PNG is ignored, so it can be told apart.</summary>
    private static Task<byte[]> SmallPhotoAsync() => Task.FromResult(Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="));

    private static void AssertSame(byte[] original, ZipArchive zip, JsonElement image)
    {
        using var content = zip.GetEntry(image.GetProperty("file").GetString()!)!.Open();
        Assert.Equal(SHA256.HashData(original), SHA256.HashData(content));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(original)), image.GetProperty("contentHash").GetString());
    }

    private static JsonElement Json(ZipArchive zip, string name)
    {
        using var content = zip.GetEntry(name)!.Open();
        return JsonDocument.Parse(content).RootElement;
    }
}

public sealed class ExportFromFilesTests(ImageRepoApp app) : ExportTests<ImageRepoApp>(app);

public sealed class ExportFromS3Tests(S3App app) : ExportTests<S3App>(app);
