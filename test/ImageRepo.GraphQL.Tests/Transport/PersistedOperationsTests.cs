using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class PersistedOperationsTests(SchemaServer server)
{
    [Contract("H17")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_document_is_sent_once_and_named_by_its_hash_from_then_on(bool byGet)
    {
        var owner = await server.SignUpAsync();
        var document = $"query ($n: Int) {{ images(first: $n) {{ nodes {{ id }} totalCount }} }} # {Guid.NewGuid()}";
        var hash = Hash(document);

        var (unknownStatus, unknown) = await SendAsync(owner, null, hash, byGet);
        var (_, first) = await SendAsync(owner, document, hash, byGet);
        var (status, second) = await SendAsync(owner, null, hash.ToUpperInvariant(), byGet);

        Assert.Equal((400, "HC0020", "PersistedQueryNotFound"), (unknownStatus, SchemaClient.Code(unknown), SchemaClient.Message(unknown)));
        Assert.Equal(0, (int)first["data"]!["images"]!["totalCount"]!);
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task A_hash_that_is_not_the_documents_is_refused_and_not_kept()
    {
        var anybody = server.Anonymous();
        var document = $"{{ me {{ id }} }} # {Guid.NewGuid()}";
        var other = Hash($"{{ me {{ userName }} }} # {Guid.NewGuid()}");

        var (status, refused) = await SendAsync(anybody, document, other);
        var (_, after) = await SendAsync(anybody, null, other);

        Assert.Equal((400, "HC0009"), (status, SchemaClient.Code(refused)));
        Assert.Equal("HC0020", SchemaClient.Code(after));
    }

    [Fact]
    public async Task A_wrong_document_is_not_kept()
    {
        var document = $"{{ nothing }} # {Guid.NewGuid()}";

        await SendAsync(server.Anonymous(), document, Hash(document));
        var (_, after) = await SendAsync(server.Anonymous(), null, Hash(document));

        Assert.Equal("HC0020", SchemaClient.Code(after));
    }

    [Fact]
    public async Task A_mutation_by_hash_is_none_by_get()
    {
        var owner = await server.SignUpAsync();
        var document = $"mutation {{ deleteImages(input: {{ ids: [] }}) {{ deletedIds }} }} # {Guid.NewGuid()}";

        var (posted, _) = await SendAsync(owner, document, Hash(document));
        var (got, _) = await SendAsync(owner, null, Hash(document), byGet: true);

        Assert.Equal((200, 405), (posted, got));
    }

    [Theory]
    [InlineData("""{"persistedQuery":1}""")]
    [InlineData("""{"persistedQuery":{"version":2,"sha256Hash":"ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"}}""")]
    [InlineData("""{"persistedQuery":{"version":1}}""")]
    [InlineData("""{"persistedQuery":{"version":1,"sha256Hash":"x"}}""")]
    [InlineData("""{"persistedQuery":{"version":1,"sha256Hash":["a"]}}""")]
    public async Task An_extension_that_is_none_is_named(string extensions)
    {
        using var response = await server.Anonymous().Http.PostAsync("/graphql", new StringContent($"{{\"query\":\"{{ me {{ id }} }}\",\"extensions\":{extensions}}}", Encoding.UTF8, "application/json"));

        Assert.Equal((400, "HC0009"), ((int)response.StatusCode, SchemaClient.Code(await SchemaClient.ReadAsync(response))));
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task The_oldest_documents_make_room_for_others()
    {
        await using var small = await Started.WithAsync(new() { ["GraphQL:PersistedOperationBytes"] = "2000" });
        var anybody = small.Server.Anonymous();
        var found = 0;
        for (var i = 0; i < 50; i++)
        {
            var document = $"{{ me {{ id }} }} # {i} {new string('x', 100)}";
            await SendAsync(anybody, document, Hash(document));
        }
        for (var i = 0; i < 50; i++)
        {
            var (status, _) = await SendAsync(anybody, null, Hash($"{{ me {{ id }} }} # {i} {new string('x', 100)}"));
            found += status == 200 ? 1 : 0;
        }
        Assert.InRange(found, 0, 15);
    }

    private static string Hash(string document) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document)));

    private static async Task<(int Status, JsonObject Body)> SendAsync(SchemaClient client, string? query, string hash, bool byGet = false)
    {
        var extensions = new { persistedQuery = new { version = 1, sha256Hash = hash } };
        var address = "/graphql?extensions=" + Uri.EscapeDataString(System.Text.Json.JsonSerializer.Serialize(extensions))
            + (query is null ? "" : "&query=" + Uri.EscapeDataString(query));
        using var response = byGet ? await client.Http.GetAsync(address) : await client.Http.PostAsJsonAsync("/graphql", query is null ? new { extensions } : (object)new { query, extensions });
        return ((int)response.StatusCode, await SchemaClient.ReadAsync(response));
    }
}
