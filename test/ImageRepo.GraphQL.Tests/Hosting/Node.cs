using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Tests.Hosting;

/// <summary>A further node, for the length of a test.</summary>
public sealed class Node(SchemaServer server) : IAsyncDisposable
{
    public SchemaServer Server => server;

    public static async Task<Node> StartAsync(SchemaServer first, params (string Name, string Value)[] settings) => new(await first.AddNodeAsync(settings));

    public static async Task<Node> StartAsync(SchemaServer first, Action<IServiceCollection> configure) => new(await first.AddNodeAsync([], configure));

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}
