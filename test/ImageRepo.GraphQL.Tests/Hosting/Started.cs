namespace ImageRepo.GraphQL.Tests.Hosting;

/// <summary>A server of one test, with settings of its own.</summary>
internal sealed class Started(SchemaServer server) : IAsyncDisposable
{
    public SchemaServer Server { get; } = server;

    public static async Task<Started> WithAsync(Dictionary<string, string?> settings)
    {
        var server = new SchemaServer { Settings = settings };
        await server.InitializeAsync();
        return new Started(server);
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
