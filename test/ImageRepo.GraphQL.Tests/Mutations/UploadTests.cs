using System.Security.Claims;
using System.Text.Json.Nodes;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Tests.Mutations;

/// <summary>Uploads by the schema, whichever store takes them.</summary>
public abstract class UploadTests(SchemaServer server)
{
    [Fact]
    public async Task Uploaded_file_is_an_image_at_once()
    {
        var owner = await server.SignUpAsync();

        var payload = Payload(await owner.UploadAsync(new TestPicture { Colors = new Dictionary<string, float> { ["#008080"] = 0.5f } }.Encode(100_000), "../Ferien Küste.JPG", "Beach"));
        var data = await owner.QueryAsync("{ images(where: { colors: { some: { name: { eq: TEAL } } } }) { nodes { fileName byteSize contentType tags { name source } exif { make } placeholder rendition { url width } original { url expiresAt } } } }");

        Assert.Null(payload["errors"]);
        Assert.False((bool)payload["isDuplicate"]!);
        var image = data["images"]!["nodes"]![0]!;
        Assert.Equal("Ferien Küste.JPG", (string)image["fileName"]!);
        Assert.Equal(100_000, (long)image["byteSize"]!);
        Assert.Equal("beach", (string)image["tags"]![0]!["name"]!);
        Assert.StartsWith(server.PicturesFrom.ToString(), (string)image["original"]!["url"]!);
        Assert.Equal(400, (int)image["rendition"]!["width"]!);
        Assert.DoesNotContain(server.Log.Everything, e => e.Contains("Ferien", StringComparison.Ordinal));
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task The_same_bytes_give_the_first_image_and_leave_nothing_else()
    {
        var owner = await server.SignUpAsync();
        var file = new TestPicture().Encode();
        var first = Payload(await owner.UploadAsync(file));
        var stored = await server.StoredAsync(owner);

        var second = Payload(await owner.UploadAsync(file, "again.jpg"));

        Assert.True((bool)second["isDuplicate"]!);
        Assert.Equal((string)first["image"]!["id"]!, (string)second["image"]!["id"]!);
        Assert.Equal(stored, await server.StoredAsync(owner));
    }

    [Theory]
    [InlineData("text", "UnsupportedImageFormatError")]
    [InlineData("empty", "EmptyFileError")]
    [InlineData("large", "ImageTooLargeError")]
    [InlineData("tag", "InvalidTagError")]
    public async Task Bad_file_is_a_typed_error_and_leaves_nothing(string kind, string error)
    {
        var owner = await server.SignUpAsync();
        var file = kind switch
        {
            "text" => "This is no picture, whatever its name says."u8.ToArray(),
            "empty" => [],
            "large" => new TestPicture().Encode(3_500_000),
            _ => new TestPicture().Encode(),
        };

        var payload = Payload(await owner.UploadAsync(file, "photo.jpg", kind == "tag" ? [new string('x', 200)] : []));

        Assert.Null(payload["image"]);
        Assert.Equal(error, (string)payload["errors"]![0]!["__typename"]!);
        Assert.Empty(await server.StoredAsync(owner));
        Assert.Equal(0, (int)(await owner.QueryAsync("{ images { totalCount } }"))["images"]!["totalCount"]!);
        Assert.Empty(server.Log.Errors);
    }

    [Contract("H6")]
    [Fact]
    public async Task Several_files_in_a_request_each_have_their_own_answer()
    {
        var owner = await server.SignUpAsync();
        const string mutation = """
            mutation ($a: UploadImageInput!, $b: UploadImageInput!, $c: UploadImageInput!) {
              a: uploadImage(input: $a) { image { fileName } errors { __typename } }
              b: uploadImage(input: $b) { image { fileName } errors { __typename } }
              c: uploadImage(input: $c) { image { fileName } errors { __typename } }
            }
            """;
        var none = new { file = (object?)null };

        using var response = await owner.UploadAsync(mutation, new { a = none, b = none, c = none },
            ("variables.a.file", "a.jpg", new TestPicture().Encode()), ("variables.b.file", "b.jpg", [9, 9, 9, 9, 9, 9]), ("variables.c.file", "c.jpg", new TestPicture().Encode()));
        var data = (await SchemaClient.ReadAsync(response))["data"]!;

        Assert.Equal("""{"a":{"image":{"fileName":"a.jpg"},"errors":null},"b":{"image":null,"errors":[{"__typename":"UnsupportedImageFormatError"}]},"c":{"image":{"fileName":"c.jpg"},"errors":null}}""", data.ToJsonString());
    }

    [Fact]
    public async Task A_file_over_the_limit_ends_the_reading_of_those_after_it()
    {
        var owner = await server.SignUpAsync();
        const string mutation = "mutation ($a: UploadImageInput!, $b: UploadImageInput!) { b: uploadImage(input: $b) { image { id } } a: uploadImage(input: $a) { errors { __typename } } }";
        var none = new { file = (object?)null };

        using var response = await owner.UploadAsync(mutation, new { a = none, b = none },
            ("variables.a.file", "a.jpg", new TestPicture().Encode(3_200_000)), ("variables.b.file", "b.jpg", new TestPicture().Encode()));
        var body = await SchemaClient.ReadAsync(response);

        Assert.Equal("FILE_NOT_READ", SchemaClient.Code(body));
        Assert.Empty(await server.StoredAsync(owner));
    }

    [Fact]
    public async Task One_file_becomes_one_image()
    {
        var owner = await server.SignUpAsync();
        const string mutation = "mutation ($a: UploadImageInput!) { a: uploadImage(input: $a) { image { id } } }";
        const string twice = "mutation ($a: Upload!) { a: uploadImage(input: { file: $a }) { isDuplicate } b: uploadImage(input: { file: $a }) { isDuplicate } }";

        using var once = await owner.UploadAsync(mutation, new { a = new { file = (object?)null } }, ("variables.a.file", "a.jpg", new TestPicture().Encode()));
        using var both = await owner.UploadAsync(twice, new { a = (object?)null }, ("variables.a", "a.jpg", new TestPicture().Encode()));
        var body = await SchemaClient.ReadAsync(both);

        Assert.Equal("FILE_ALREADY_USED", SchemaClient.Code(body));
        Assert.Equal(6, (await server.StoredAsync(owner)).Count);
    }

    [Fact]
    public async Task Nobody_and_who_may_not_write_store_nothing()
    {
        var owner = await server.SignUpAsync();
        var reader = server.WithToken(owner, "images:read");
        var file = new TestPicture().Encode(2_000_000);

        var anonymous = await server.Anonymous().UploadAsync(file);
        var unauthorized = await reader.UploadAsync(file);

        Assert.Equal("AUTH_NOT_AUTHENTICATED", SchemaClient.Code(anonymous));
        Assert.Equal("AUTH_NOT_AUTHORIZED", SchemaClient.Code(unauthorized));
        Assert.Null(anonymous["data"]);
        Assert.Empty(await server.StoredAsync(owner));
    }

    [Fact]
    public async Task A_wrong_document_is_refused_before_its_files_are_stored()
    {
        var owner = await server.SignUpAsync();

        using var response = await owner.UploadAsync("mutation ($f: Upload!) { uploadImag(file: $f) { id } }", new { f = (object?)null }, ("variables.f", "a.jpg", new TestPicture().Encode()));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(await server.StoredAsync(owner));
    }

    [Fact]
    public async Task A_file_that_no_mutation_uses_is_discarded()
    {
        var owner = await server.SignUpAsync();

        using var response = await owner.UploadAsync("mutation ($f: Upload!, $go: Boolean!) { uploadImage(input: { file: $f }) @include(if: $go) { isDuplicate } }",
            new { f = (object?)null, go = false }, ("variables.f", "a.jpg", new TestPicture().Encode()));

        Assert.Equal("{}", (await SchemaClient.ReadAsync(response))["data"]!.ToJsonString());
        Assert.Empty(await server.StoredAsync(owner));
    }

    [Fact]
    public async Task A_busy_server_says_when_to_come_back()
    {
        var owner = await server.SignUpAsync();
        server.Pictures.IsBusy = true;
        try
        {
            using var response = await owner.UploadAsync(SchemaClient.UploadMutation, new { input = new { file = (object?)null } }, ("variables.input.file", "a.jpg", new TestPicture().Encode()));

            Assert.Equal(503, (int)response.StatusCode);
            Assert.Equal("7", response.Headers.RetryAfter?.ToString());
            Assert.Equal("SERVER_BUSY", SchemaClient.Code(await SchemaClient.ReadAsync(response)));
            Assert.Empty(await server.StoredAsync(owner));
        }
        finally
        {
            server.Pictures.IsBusy = false;
        }
    }

    [Fact]
    public async Task Pages_upload_in_process_by_the_same_schema()
    {
        var owner = await server.SignUpAsync();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, owner.Owner.ToString())], IdentityConstants.ApplicationScheme));
        await using var scope = server.Services.CreateAsyncScope();
        var uploader = scope.ServiceProvider.GetRequiredService<ImageUploader>();
        var executor = scope.ServiceProvider.GetRequiredService<SchemaExecutor>();
        var staged = await uploader.StageAsync(owner.Owner, "page.jpg", new MemoryStream(new TestPicture().Encode()), default);
        var unused = await uploader.StageAsync(owner.Owner, "unused.jpg", new MemoryStream(new TestPicture().Encode()), default);
        const string mutation = "mutation ($good: UploadImageInput!, $bad: UploadImageInput!) { good: uploadImage(input: $good) { image { original { url } } } bad: uploadImage(input: $bad) { errors { __typename } } }";

        var result = await executor.ExecuteAsync(mutation, new Dictionary<string, object?>
        {
            ["good"] = new Dictionary<string, object?> { ["file"] = staged, ["tags"] = new[] { "page" } },
            ["bad"] = new Dictionary<string, object?> { ["file"] = new EmptyFileException() },
            ["unused"] = unused,
        }, user, default);
        var refused = await executor.ExecuteAsync("{ images { nodes { id } } }", null, new ClaimsPrincipal(), default);

        Assert.Empty(result.Errors);
        Assert.StartsWith("http", result.Data!.Value.GetProperty("good").GetProperty("image").GetProperty("original").GetProperty("url").GetString());
        Assert.Equal("EmptyFileError", result.Data.Value.GetProperty("bad").GetProperty("errors")[0].GetProperty("__typename").GetString());
        Assert.Equal(3, (await server.StoredAsync(owner)).Count);
        Assert.Equal(("AUTH_NOT_AUTHENTICATED", "images"), (refused.Errors[0].Code, refused.Errors[0].Path[0]));
    }

    private static JsonNode Payload(JsonObject response) => response["data"]!["uploadImage"]!;
}

[Collection(SchemaServerCollection.Name)]
public sealed class UploadToFilesTests(SchemaServer server) : UploadTests(server);

[Collection(S3SchemaServerCollection.Name)]
public sealed class UploadToS3Tests(S3SchemaServer server) : UploadTests(server);
