using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class EventStreamTests(SchemaServer server) : IAsyncLifetime
{
    private const string Watch = "subscription { imageChanged { kind image { fileName } } }";

    public Task InitializeAsync() => server.Watchers.WaitForAsync(0);

    public Task DisposeAsync()
    {
        Assert.Empty(server.Log.Errors);
        return Task.CompletedTask;
    }

    [Contract("H12")]
    [Fact]
    public async Task A_query_is_one_next_and_complete()
    {
        using var response = await SendAsync(server, server.Anonymous(), "{ me { id } }");

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(":\n\nevent: next\ndata: {\"data\":{\"me\":null}}\n\nevent: complete\ndata:\n\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_is_refused_is_told_in_the_stream()
    {
        using var response = await SendAsync(server, server.Anonymous(), "{ nope }");

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("event: next\ndata: {\"errors\":[{\"message\":\"The field `nope` does not exist on the type `Query`.\"", text);
        Assert.EndsWith("event: complete\ndata:\n\n", text);
    }

    [Contract("H12", "T13")]
    [Theory]
    [InlineData("POST", "text/event-stream")]
    [InlineData("GET", "text/event-stream")]
    [InlineData("POST", "application/graphql-response+json, application/json;q=0.9, text/event-stream;q=0.5")]
    public async Task Changes_arrive_and_a_client_that_leaves_frees_its_watcher(string method, string accept)
    {
        var owner = await server.SignUpAsync();
        using (var response = await SendAsync(server, owner, Watch, method: method, accept: accept))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await server.Watchers.WaitForAsync(1);
            await server.AddImageAsync(owner, fileName: "line\nbreak.jpg");

            var change = await NextAsync(reader);

            Assert.Equal("UPLOADED", (string?)change["data"]!["imageChanged"]!["kind"]);
        }
        await server.Watchers.WaitForAsync(0);
    }

    [Contract("H10")]
    [Theory]
    [InlineData("https://evil.example", "POST")]
    [InlineData("https://evil.example", "GET")]
    [InlineData(null, "GET")]
    [InlineData(null, "POST")]
    public async Task A_cookie_opens_no_stream_for_other_sites(string? origin, string method)
    {
        using var response = await SendAsync(server, await server.SignUpAsync(), Watch, origin, method);

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal(0, server.Watchers.Count);
    }

    [Fact]
    public async Task A_token_needs_no_origin()
    {
        var token = server.WithToken(await server.SignUpAsync(), "images:read");
        using var response = await SendAsync(server, token, Watch, origin: null);

        Assert.Equal(200, (int)response.StatusCode);
        await server.Watchers.WaitForAsync(1);
    }

    [Fact]
    public async Task Subscriptions_need_a_stream_and_mutations_no_get()
    {
        var owner = await server.SignUpAsync();
        using var plain = await owner.PostAsync(Watch);
        using var mutation = await SendAsync(server, owner, "mutation { deleteImages(input: { ids: [] }) { deletedIds } }", method: "GET");

        Assert.Equal((406, "HC0063"), ((int)plain.StatusCode, SchemaClient.Code(await SchemaClient.ReadAsync(plain))));
        Assert.Equal(405, (int)mutation.StatusCode);
    }

    [Fact]
    public async Task Heartbeats_come_while_nothing_happens_and_a_server_that_stops_ends_the_stream()
    {
        await using var node = await Node.StartAsync(server, ("GraphQL:Streams:KeepAliveInterval", "00:00:00.1"));
        using var response = await SendAsync(node.Server, await server.SignUpAsync(), Watch);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(i % 2 == 0 ? ":" : "", await reader.ReadLineAsync());
        }

        await node.Server.StopAsync();

        Assert.DoesNotContain("complete", await reader.ReadToEndAsync());
        Assert.Empty(node.Server.Log.Errors);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        SchemaServer server, SchemaClient client, string query, string? origin = "same", string method = "POST", string accept = "text/event-stream")
    {
        var request = method == "GET"
            ? new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/graphql?query=" + Uri.EscapeDataString(query)))
            : new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/graphql")) { Content = new StringContent(JsonSerializer.Serialize(new { query }), Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd(accept);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "same" ? server.Address.GetLeftPart(UriPartial.Authority) : origin);
        }
        return await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<JsonObject> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonNode.Parse(line["data: ".Length..])!.AsObject();
            }
        }
        throw new EndOfStreamException();
    }
}
