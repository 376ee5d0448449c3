using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Mutations;

/// <summary>Imports by the schema, whichever store takes them.</summary>
public abstract class ImportTests(SchemaServer server) : IAsyncLifetime
{
    private const string Mutation = """
        mutation ($input: ImportImageInput!) {
          importImage(input: $input) {
            image { id fileName byteSize tags { name } altText }
            isDuplicate
            errors { __typename ... on Error { message } ... on UnreachableUrlError { url statusCode } ... on ForbiddenUrlError { url } ... on ImageTooLargeError { byteSize } }
          }
        }
        """;

    private protected static Dictionary<string, string?> Limits => new() { ["Import:AllowedNetworks"] = "127.0.0.1/32", ["Import:PerOwner"] = "1", ["Import:IdleTimeout"] = "00:00:02" };

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task An_image_is_fetched_once_and_takes_the_way_of_every_upload()
    {
        await using var remote = RemoteServer.Of(new TestPicture().Encode(50_000), "Content-Type: text/plain");
        var owner = await server.SignUpAsync();

        var first = await ImportAsync(owner, remote.Url("/album/secret-name.jpg?token=secret-token"), "Web");
        var second = await ImportAsync(owner, remote.Url("/other.jpg"));

        Assert.Null(first["errors"]);
        Assert.Equal("secret-name.jpg", (string)first["image"]!["fileName"]!);
        Assert.Equal(50_000, (long)first["image"]!["byteSize"]!);
        Assert.Equal("web", (string)first["image"]!["tags"]![0]!["name"]!);
        Assert.Equal("A boat", (string)first["image"]!["altText"]!);
        Assert.True((bool)second["isDuplicate"]!);
        Assert.Equal((string)first["image"]!["id"]!, (string)second["image"]!["id"]!);
        Assert.Equal(3, (await server.StoredAsync(owner)).Count);
        Assert.DoesNotContain(server.Log.Everything, e => e.Contains("secret-", StringComparison.Ordinal));
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task What_an_address_gives_is_judged_and_what_is_refused_leaves_nothing()
    {
        var owner = await server.SignUpAsync();
        await using var page = RemoteServer.Of("<html>no picture</html>"u8.ToArray(), "Content-Type: image/jpeg");
        await using var empty = RemoteServer.Of([], "Content-Type: image/jpeg");
        await using var large = RemoteServer.Of(new TestPicture().Encode(3_500_000));
        await using var endless = new RemoteServer(async (_, connection, c) =>
        {
            await RemoteServer.WriteAsync(connection, "HTTP/1.1 200 OK\r\n\r\n", c);
            await connection.WriteAsync(new TestPicture().Encode(10_000), c);
            while (true)
            {
                await connection.WriteAsync(new byte[64 << 10], c);
            }
        });
        await using var missing = new RemoteServer((_, connection, c) => RemoteServer.WriteAsync(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", c));
        await using var stalling = new RemoteServer(async (_, connection, c) =>
        {
            await RemoteServer.WriteAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", c);
            await connection.WriteAsync(new TestPicture().Encode(10_000), c);
            await Task.Delay(Timeout.Infinite, c);
        });

        Assert.Equal("UnsupportedImageFormatError", await ErrorAsync(owner, page.Url()));
        Assert.Equal("EmptyFileError", await ErrorAsync(owner, empty.Url()));
        Assert.Equal("ImageTooLargeError", await ErrorAsync(owner, large.Url()));
        Assert.Equal("ImageTooLargeError", await ErrorAsync(owner, endless.Url()));
        Assert.Equal("UnreachableUrlError", await ErrorAsync(owner, stalling.Url()));
        Assert.Equal("ForbiddenUrlError", await ErrorAsync(owner, new Uri("http://127.0.0.2/a.jpg")));
        var error = (await ImportAsync(owner, missing.Url()))["errors"]![0]!;
        Assert.Equal(("UnreachableUrlError", 404, missing.Url().AbsoluteUri), ((string)error["__typename"]!, (int)error["statusCode"]!, (string)error["url"]!));
        Assert.Empty(await server.StoredAsync(owner));
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task One_owner_imports_a_few_at_once_and_others_are_not_kept_by_it()
    {
        var (owner, other) = (await server.SignUpAsync(), await server.SignUpAsync());
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var slow = new RemoteServer(async (_, connection, c) =>
        {
            asked.TrySetResult();
            await go.Task.WaitAsync(c);
            await RemoteServer.OkAsync(connection, new TestPicture().Encode(), c);
        });
        await using var quick = RemoteServer.Of(new TestPicture().Encode());
        var first = ImportAsync(owner, slow.Url());
        await asked.Task;

        var second = await owner.SendAsync(Mutation, new { input = new { url = quick.Url() } });
        var others = await ImportAsync(other, quick.Url());
        go.SetResult();

        Assert.Equal("TOO_MANY_IMPORTS", SchemaClient.Code(second));
        Assert.NotNull(others["image"]);
        Assert.NotNull((await first)["image"]);
        Assert.NotNull((await ImportAsync(owner, quick.Url()))["image"]);
    }

    [Fact]
    public async Task Nobody_who_may_not_write_makes_the_server_fetch_anything()
    {
        await using var remote = RemoteServer.Of(new TestPicture().Encode());
        var owner = await server.SignUpAsync();

        var anonymous = await server.Anonymous().SendAsync(Mutation, new { input = new { url = remote.Url() } });
        var reader = await server.WithToken(owner, "images:read").SendAsync(Mutation, new { input = new { url = remote.Url() } });
        var invalid = await owner.SendAsync(Mutation, new { input = new { url = "no address" } });
        var tag = await ImportAsync(owner, remote.Url(), new string('x', 200));

        Assert.Equal("AUTH_NOT_AUTHENTICATED", SchemaClient.Code(anonymous));
        Assert.Equal("AUTH_NOT_AUTHORIZED", SchemaClient.Code(reader));
        Assert.NotNull(invalid["errors"]);
        Assert.Equal("InvalidTagError", (string)tag["errors"]![0]!["__typename"]!);
        Assert.Equal(0, remote.Connections);
    }

    private static async Task<JsonNode> ImportAsync(SchemaClient owner, Uri url, params string[] tags) =>
        (await owner.QueryAsync(Mutation, new { input = new { url, tags, altText = "A boat" } }))["importImage"]!;

    private static async Task<string?> ErrorAsync(SchemaClient owner, Uri url) => (string?)(await ImportAsync(owner, url))["errors"]?[0]?["__typename"];
}

public sealed class ImportToFilesTests() : ImportTests(new SchemaServer { Settings = Limits });

[Trait("Category", "Full")]
public sealed class ImportToS3Tests() : ImportTests(new S3SchemaServer { Settings = Limits });
