using ImageRepo.Domain.Storage;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Tests.Execution;

[Collection(SchemaServerCollection.Name)]
public sealed class FailureTests(SchemaServer server)
{
    private const string Query = "{ images { nodes { fileName original { url } } } }";

    [Contract("E2", "E12")]
    [Fact]
    public async Task What_failed_is_for_the_log_alone()
    {
        await using var node = await Node.StartAsync(server, services => services.AddSingleton<IContentLinks>(new Broken(() => throw new TimeoutException("the secret of the house"))));

        using var response = await AskAsync(node.Server);
        var body = await SchemaClient.ReadAsync(response);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("""[{"message":"Unexpected Execution Error","locations":[{"line":1,"column":29}],"path":["images","nodes",0,"original"]}]""", body["errors"]!.ToJsonString());
        Assert.Contains(node.Server.Log.Errors, e => e.Contains("TimeoutException: the secret of the house", StringComparison.Ordinal));
    }

    [Contract("E8")]
    [Fact]
    public async Task What_is_never_null_and_has_no_value_is_named_as_such()
    {
        await using var node = await Node.StartAsync(server);
        var owner = await node.Server.SignUpAsync();
        await using (var scope = node.Server.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Users
                .Where(u => u.Id == owner.Owner.Value).ExecuteUpdateAsync(u => u.SetProperty(p => p.UserName, (string?)null));
        }

        var body = await owner.SendAsync("{ me { id userName } }");

        Assert.Equal(("HC0018", "Cannot return null for non-nullable field."), (SchemaClient.Code(body), SchemaClient.Message(body)));
        Assert.Null(body["data"]!["me"]);
        Assert.NotEmpty(node.Server.Log.Errors);
    }

    [Fact]
    public async Task What_fails_before_anything_is_executed_is_answered_in_JSON_too()
    {
        await using var node = await Node.StartAsync(server, services => services.AddSingleton<IObjectStore>(new BrokenStore()));
        var owner = await node.Server.SignUpAsync();

        using var response = await owner.UploadAsync(SchemaClient.UploadMutation, new { input = new { file = (object?)null } }, ("variables.input.file", "photo.jpg", new TestPicture().Encode()));
        var body = await SchemaClient.ReadAsync(response);

        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("""[{"message":"Unexpected Execution Error"}]""", body["errors"]!.ToJsonString());
        Assert.Contains(node.Server.Log.Errors, e => e.Contains("InvalidOperationException: the secret of the cellar", StringComparison.Ordinal));
    }

    private async Task<HttpResponseMessage> AskAsync(SchemaServer node)
    {
        var owner = await server.SignUpAsync();
        await server.AddImageAsync(owner);
        var there = node.Anonymous();
        there.Http.DefaultRequestHeaders.Add("X-Test-User", owner.Owner.Value.ToString());
        return await there.PostAsync(Query);
    }

    private sealed class Broken(Func<Uri> url) : IContentLinks
    {
        public Uri? Origin => null;

        public ContentLink Create(ObjectKey key, string? downloadName = null) => new(url(), DateTimeOffset.UtcNow);

        public ContentLink CreateOnDemand(ObjectKey key) => Create(key);
    }

    private sealed class BrokenStore : IObjectStore
    {
        private static InvalidOperationException Failure => new("the secret of the cellar");

        public Task PutAsync(ObjectKey key, Stream content, string contentType, CancellationToken cancellationToken) => throw Failure;

        public Task<StoredObject?> OpenReadAsync(ObjectKey key, CancellationToken cancellationToken) => throw Failure;

        public Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) => throw Failure;

        public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => throw Failure;

        public Task DeleteAllAsync(string prefix, CancellationToken cancellationToken) => throw Failure;

        public IAsyncEnumerable<StoredObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => throw Failure;
    }
}
