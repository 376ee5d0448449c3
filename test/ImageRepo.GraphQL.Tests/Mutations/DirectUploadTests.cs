using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ImageRepo.Domain.Storage;
using ImageRepo.Domain.Uploads;
using ImageRepo.GraphQL.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Tests.Mutations;

/// <summary>Uploads in parts, as the schema shows them. How parts travel is tested with the product that takes them.</summary>
public abstract class DirectUploadTests(SchemaServer server) : IAsyncLifetime
{
    private const int PartSize = 8 << 20;

    private const string Begin = """
        mutation ($input: BeginUploadInput!) {
          beginUpload(input: $input) {
            upload { id partSize expiresAt parts { number url isReceived headers { name value } } }
            errors { __typename ... on Error { message } ... on ImageTooLargeError { byteSize maxByteSize } ... on UploadNotFoundError { uploadId } }
          }
        }
        """;

    private const string Complete = """
        mutation ($input: CompleteUploadInput!) {
          completeUpload(input: $input) {
            image { id fileName byteSize contentHash tags { name } }
            isDuplicate
            errors { __typename ... on Error { message } ... on UploadIncompleteError { missingParts } ... on UploadNotFoundError { uploadId } }
          }
        }
        """;

    private readonly SchemaServer _server = server;

    internal static Dictionary<string, string?> Limits => new() { ["Limits:UploadBytes"] = "30000000", ["Uploads:PerOwner"] = "3", ["Quota:MaxBytes"] = "70000000" };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Parts_sent_in_any_order_and_again_become_one_image_by_the_way_of_every_upload()
    {
        var owner = await _server.SignUpAsync();
        var file = new TestPicture().Encode(20_000_000);
        var upload = await BeginAsync(owner, file.Length, "../Large.jpg", Hash(file));
        var id = (string)upload["id"]!;

        Assert.Equal(PartSize, (long)upload["partSize"]!);
        Assert.Equal([1, 2, 3], upload["parts"]!.AsArray().Select(p => (int)p!["number"]!));
        Assert.All(upload["parts"]!.AsArray(), p => Assert.StartsWith(_server.PicturesFrom.ToString(), (string)p!["url"]!));
        await SendAsync(owner, id, file, 3, 1);
        await SendAsync(owner, id, file, 1);

        var incomplete = await CompleteAsync(owner, id);
        Assert.Equal("UploadIncompleteError", (string)incomplete["errors"]![0]!["__typename"]!);
        Assert.Equal("[2]", incomplete["errors"]![0]!["missingParts"]!.ToJsonString());
        var resumed = await BeginAsync(owner, file.Length, "../Large.jpg", uploadId: id);
        Assert.Equal([true, false, true], resumed["parts"]!.AsArray().Select(p => (bool)p!["isReceived"]!));
        Assert.Equal(0, (int)(await owner.QueryAsync("{ images { totalCount } }"))["images"]!["totalCount"]!);
        await SendAsync(owner, id, file, 2);

        var image = (await CompleteAsync(owner, id, "Large"))["image"]!;
        Assert.Equal(("Large.jpg", 20_000_000, Hash(file), "large"), ((string)image["fileName"]!, (long)image["byteSize"]!, (string)image["contentHash"]!, (string)image["tags"]![0]!["name"]!));
        Assert.Equal(3, (await _server.StoredAsync(owner)).Count);
        Assert.Empty(await PartsAsync(owner));
        Assert.DoesNotContain(_server.Log.Everything, e => e.Contains("Large.jpg", StringComparison.Ordinal));
        Assert.Empty(_server.Log.Errors);
    }

    [Fact]
    public async Task Completing_twice_and_at_once_gives_one_image_and_one_answer()
    {
        var owner = await _server.SignUpAsync();
        var file = new TestPicture().Encode(10_000_000);
        var id = await SentAsync(owner, file);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CompleteAsync(owner, id)));
        var later = await CompleteAsync(owner, id);

        Assert.Single(answers.Append(later).Select(a => a.ToJsonString()).Distinct());
        Assert.False((bool)later["isDuplicate"]!);
        Assert.Equal(3, (await _server.StoredAsync(owner)).Count);
        // The same bytes by another upload are that image.
        var again = await CompleteAsync(owner, await SentAsync(owner, file));
        Assert.True((bool)again["isDuplicate"]!);
        Assert.Equal((string)later["image"]!["id"]!, (string)again["image"]!["id"]!);
        Assert.Equal(3, (await _server.StoredAsync(owner)).Count);
        Assert.Empty(await PartsAsync(owner));
    }

    [Fact]
    public async Task What_was_promised_is_held_against_what_arrived()
    {
        var owner = await _server.SignUpAsync();
        var file = new TestPicture().Encode(1_000);

        var otherHash = await SentAsync(owner, file, Hash([1, 2, 3]));
        Assert.Equal("ContentHashMismatchError", ErrorOf(await CompleteAsync(owner, otherHash)));
        // It may be sent again, so it is still under way.
        Assert.Equal("ContentHashMismatchError", ErrorOf(await CompleteAsync(owner, otherHash)));
        var otherType = await SentAsync(owner, file, contentType: "image/png");
        Assert.Equal("UnsupportedImageFormatError", ErrorOf(await CompleteAsync(owner, otherType)));
        var noPicture = await SentAsync(owner, "this is text, whatever it was called"u8.ToArray());
        Assert.Equal("UnsupportedImageFormatError", ErrorOf(await CompleteAsync(owner, noPicture)));

        // What can't become an image ends with that, and leaves nothing.
        Assert.Equal("UploadNotFoundError", ErrorOf(await CompleteAsync(owner, noPicture)));
        Assert.Empty(await _server.StoredAsync(owner));
        Assert.Single(await PartsAsync(owner));
        Assert.Empty(_server.Log.Errors);
    }

    [Fact]
    public async Task A_part_of_another_length_counts_as_missing()
    {
        var owner = await _server.SignUpAsync();
        var id = (string)(await BeginAsync(owner, 1_000))["id"]!;
        await StoreAsync(owner, id, 1, new byte[999]);

        Assert.Equal("UploadIncompleteError", ErrorOf(await CompleteAsync(owner, id)));
        Assert.Empty(await _server.StoredAsync(owner));
    }

    [Fact]
    public async Task Limits_are_told_before_anything_is_sent()
    {
        var owner = await _server.SignUpAsync();

        var large = await TryBeginAsync(owner, 30_000_001);
        Assert.Equal(("ImageTooLargeError", 30_000_001, 30_000_000), (ErrorOf(large), (long)large["errors"]![0]!["byteSize"]!, (long)large["errors"]![0]!["maxByteSize"]!));
        Assert.Equal("EmptyFileError", ErrorOf(await TryBeginAsync(owner, 0)));
        Assert.Equal("EmptyFileError", ErrorOf(await TryBeginAsync(owner, long.MinValue)));
        var hash = await owner.SendAsync(Begin, new { input = new { fileName = "a.jpg", byteSize = 1, contentHash = "xyz" } });
        Assert.Equal("INVALID_TEXT", SchemaClient.Code(hash));

        // Uploads under way count towards the quota, and their number is limited.
        await BeginAsync(owner, 30_000_000);
        await BeginAsync(owner, 30_000_000);
        Assert.Equal("QuotaExceededError", ErrorOf(await TryBeginAsync(owner, 30_000_000)));
        await BeginAsync(owner, 1_000);
        var fourth = await owner.SendAsync(Begin, new { input = new { fileName = "a.jpg", byteSize = 1_000 } });
        Assert.Equal("TOO_MANY_UPLOADS", SchemaClient.Code(fourth));
    }

    [Fact]
    public async Task Begun_at_once_they_do_not_pass_the_limit_together()
    {
        var owner = await _server.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => owner.SendAsync(Begin, new { input = new { fileName = "a.jpg", byteSize = 1_000 } })));

        Assert.Equal(3, answers.Count(a => !a.ContainsKey("errors")));
    }

    [Theory]
    [InlineData("another owner's")]
    [InlineData("nobody's")]
    [InlineData("unreadable")]
    [InlineData("an image's")]
    public async Task An_upload_that_is_not_the_callers_is_not_found(string whose)
    {
        var (owner, other) = (await _server.SignUpAsync(), await _server.SignUpAsync());
        var theirs = await SentAsync(other, new TestPicture().Encode(1_000));
        var id = whose switch
        {
            "another owner's" => theirs,
            "nobody's" => Convert.ToBase64String([.. "UploadTarget:"u8, .. Guid.NewGuid().ToByteArray()]),
            "unreadable" => "no id at all",
            _ => Convert.ToBase64String([.. "Image:"u8, .. Guid.NewGuid().ToByteArray()]),
        };

        var begun = await TryBeginAsync(owner, 1_000, uploadId: id);
        var completed = await CompleteAsync(owner, id);

        Assert.Equal(("UploadNotFoundError", id), (ErrorOf(begun), (string)begun["errors"]![0]!["uploadId"]!));
        Assert.Equal(("UploadNotFoundError", id), (ErrorOf(completed), (string)completed["errors"]![0]!["uploadId"]!));
        Assert.NotNull((await CompleteAsync(other, theirs))["image"]);
        // Nor is it found for another file than it was begun for.
        var own = (string)(await BeginAsync(owner, 1_000))["id"]!;
        Assert.Equal("UploadNotFoundError", ErrorOf(await TryBeginAsync(owner, 1_001, uploadId: own)));
    }

    [Fact]
    public async Task Nobody_and_who_may_not_write_begin_nothing()
    {
        var owner = await _server.SignUpAsync();
        var input = new { input = new { fileName = "a.jpg", byteSize = 1_000 } };

        Assert.Equal("AUTH_NOT_AUTHENTICATED", SchemaClient.Code(await _server.Anonymous().SendAsync(Begin, input)));
        Assert.Equal("AUTH_NOT_AUTHORIZED", SchemaClient.Code(await _server.WithToken(owner, "images:read").SendAsync(Begin, input)));
    }

    [Fact]
    public async Task A_busy_server_keeps_the_parts_for_the_next_try()
    {
        var owner = await _server.SignUpAsync();
        var id = await SentAsync(owner, new TestPicture().Encode(1_000));
        _server.Pictures.IsBusy = true;

        using var busy = await owner.PostAsync(Complete, new { input = new { uploadId = id } });
        _server.Pictures.IsBusy = false;

        Assert.Equal(503, (int)busy.StatusCode);
        Assert.Empty(await _server.StoredAsync(owner));
        Assert.NotNull((await CompleteAsync(owner, id))["image"]);
    }

    private async Task<string> SentAsync(SchemaClient owner, byte[] file, string? hash = null, string? contentType = null)
    {
        var id = (string)(await BeginAsync(owner, file.Length, "a.jpg", hash, contentType))["id"]!;
        await SendAsync(owner, id, file, [.. Enumerable.Range(1, (file.Length + PartSize - 1) / PartSize)]);
        return id;
    }

    private async Task SendAsync(SchemaClient owner, string id, byte[] file, params int[] parts)
    {
        foreach (var part in parts)
        {
            await StoreAsync(owner, id, part, file[((part - 1) * PartSize)..Math.Min(part * PartSize, file.Length)]);
        }
    }

    private async Task StoreAsync(SchemaClient owner, string id, int part, byte[] content)
    {
        await using var scope = _server.Services.CreateAsyncScope();
        var upload = new UploadId(new Guid(Convert.FromBase64String(id).AsSpan("UploadTarget:".Length)));
        await scope.ServiceProvider.GetRequiredService<DirectUploads>().ReceiveAsync(owner.Owner, upload, part, new MemoryStream(content), default);
    }

    private async Task<List<string>> PartsAsync(SchemaClient owner)
    {
        List<string> keys = [];
        await foreach (var info in _server.Services.GetRequiredService<IObjectStore>().ListAsync($"{ObjectKey.UploadsPrefix}{owner.Owner.Value:N}/", default))
        {
            keys.Add(info.Key.Value);
        }
        return keys;
    }

    private static async Task<JsonNode> BeginAsync(SchemaClient owner, long byteSize, string fileName = "a.jpg", string? contentHash = null, string? contentType = null, string? uploadId = null) =>
        (await TryBeginAsync(owner, byteSize, fileName, contentHash, contentType, uploadId))["upload"]!;

    private static async Task<JsonNode> TryBeginAsync(SchemaClient owner, long byteSize, string fileName = "a.jpg", string? contentHash = null, string? contentType = null, string? uploadId = null) =>
        (await owner.QueryAsync(Begin, new { input = new { uploadId, fileName, byteSize, contentType, contentHash } }))["beginUpload"]!;

    private static async Task<JsonNode> CompleteAsync(SchemaClient owner, string uploadId, params string[] tags) =>
        (await owner.QueryAsync(Complete, new { input = new { uploadId, tags } }))["completeUpload"]!;

    private static string? ErrorOf(JsonNode payload) => (string?)payload["errors"]?[0]?["__typename"];

    private static string Hash(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}

public sealed class DirectUploadOnFilesTests() : DirectUploadTests(new SchemaServer { Settings = Limits });

public sealed class DirectUploadOnS3Tests() : DirectUploadTests(new S3SchemaServer { Settings = Limits });
