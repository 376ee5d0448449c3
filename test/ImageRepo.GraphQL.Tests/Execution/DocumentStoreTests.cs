using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Tests.Execution;

[Collection(SchemaServerCollection.Name)]
public sealed class DocumentStoreTests(SchemaServer server)
{
    [Contract("T5")]
    [Fact]
    public async Task A_good_document_is_prepared_once_and_a_bad_one_is_not_kept()
    {
        var documents = server.Services.GetRequiredService<DocumentStore>();
        var good = $"{{ me {{ id }} }} # {Guid.NewGuid()}";

        var first = await documents.PrepareAsync(good, default);
        var bad = await documents.PrepareAsync($"{{ nope }} # {Guid.NewGuid()}", default);

        Assert.Same(first, await documents.PrepareAsync(good, default));
        Assert.NotSame(bad, await documents.PrepareAsync("{ nope }", default));
        Assert.NotNull(bad.Errors);
    }

    [Contract("T5")]
    [Fact]
    public async Task Documents_are_kept_while_there_is_room()
    {
        await using var node = await Node.StartAsync(server, ("GraphQL:DocumentCacheBytes", "100000"));
        var documents = node.Server.Services.GetRequiredService<DocumentStore>();
        var firsts = new List<(string Text, PreparedDocument Prepared)>();
        for (var i = 0; i < 50; i++)
        {
            var text = $"{{ me {{ id }} }} # {i} {new string('x', 500)}";
            firsts.Add((text, await documents.PrepareAsync(text, default)));
        }

        var kept = 0;
        foreach (var (text, prepared) in firsts)
        {
            kept += ReferenceEquals(prepared, await documents.PrepareAsync(text, default)) ? 1 : 0;
        }
        Assert.InRange(kept, 0, 5);
    }
}
