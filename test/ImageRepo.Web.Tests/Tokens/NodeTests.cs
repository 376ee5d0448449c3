using ImageRepo.Infrastructure.Certificates;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Tests.Tokens;

/// <summary>Several nodes on one database: tokens of one count on the others.</summary>
public sealed class NodeTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task A_token_from_one_node_counts_on_another_and_is_revoked_on_both()
    {
        await using var other = await StartBesideAsync(App);
        using var person = await App.SignUpAsync();
        using var here = new TokenClient(App.Address);
        using var there = new TokenClient(other.Address);
        var granted = await here.SignInAsync(person);

        Assert.Null(await there.RefusalAsync(granted.Access));
        var renewed = Granted.Of(await there.RefreshAsync(granted.Refresh!));
        Assert.Null(await here.RefusalAsync(renewed.Access));
        await there.AskAsync("/connect/revoke", new() { ["token"] = renewed.Access });
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await here.RefusalAsync(renewed.Access));
    }

    [Fact]
    public async Task Nodes_that_start_at_once_make_one_pair_of_certificates_and_one_client()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var nodes = Enumerable.Range(0, 3).Select(_ => new Node(database, App.DataDirectory)).ToList();
        try
        {
            await Task.WhenAll(nodes.Select(n => Task.Run(((IAsyncLifetime)n).InitializeAsync)));

            var certificates = await nodes[0].WithDatabaseAsync(db => db.Set<TokenCertificateRow>().ToListAsync());
            var clients = await nodes[0].WithDatabaseAsync(db => db.Set<Infrastructure.Clients.ClientApplication>().CountAsync());

            Assert.Equal([CertificateUse.Signing, CertificateUse.Encryption], certificates.Select(c => c.Use).Order());
            Assert.Equal(1, clients);
        }
        finally
        {
            foreach (var node in nodes)
            {
                await ((IAsyncLifetime)node).DisposeAsync();
            }
        }
    }

    private static async Task<Node> StartBesideAsync(ImageRepoApp first)
    {
        var node = new Node(first.ConnectionString, first.DataDirectory);
        await ((IAsyncLifetime)node).InitializeAsync();
        return node;
    }

    private sealed class Node(string database, string dataDirectory) : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["ConnectionStrings:ImageRepo"] = database;
            // The master key of the first node.
            settings["DataDirectory"] = dataDirectory;
        }
    }
}
