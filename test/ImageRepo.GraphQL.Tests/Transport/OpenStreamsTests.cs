using System.Net;
using System.Net.Http.Json;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class OpenStreamsTests(SchemaServer server)
{
    private const string Watch = "subscription { imageChanged { kind } }";

    [Contract("H22")]
    [Fact]
    public async Task A_user_has_so_many_streams_of_both_kinds_and_others_have_theirs()
    {
        await using var node = await Node.StartAsync(server, ("GraphQL:Streams:MaxPerUser", "2"));
        var (greedy, other) = (await node.Server.SignUpAsync(), await node.Server.SignUpAsync());
        var socket = await SocketClient.OpenAsync(node.Server, greedy);
        var events = await WatchAsync(node.Server, greedy);
        Assert.Equal(HttpStatusCode.OK, events.StatusCode);

        var refused = await Assert.ThrowsAsync<HandshakeRefusedException>(() => SocketClient.ConnectAsync(node.Server, greedy));
        using var refusedEvents = await WatchAsync(node.Server, greedy);
        using var theirs = await SocketClient.OpenAsync(node.Server, other);

        Assert.Equal(429, refused.Status);
        Assert.Equal((429, "TOO_MANY_REQUESTS"), ((int)refusedEvents.StatusCode, SchemaClient.Code(await SchemaClient.ReadAsync(refusedEvents))));
        Assert.Equal(TimeSpan.FromSeconds(10), refusedEvents.Headers.RetryAfter?.Delta);
        await greedy.QueryAsync("{ me { id } }");

        // Whatever ends a stream makes room for another.
        socket.Dispose();
        events.Dispose();
        await node.Server.Watchers.WaitForAsync(0);
        using var again = await OpenSoonAsync(node.Server, greedy);
        using var another = await OpenSoonAsync(node.Server, greedy);
        Assert.Empty(node.Server.Log.Errors);
    }

    [Contract("H22")]
    [Fact]
    public async Task Those_at_an_address_who_say_not_who_they_are_share_a_number()
    {
        await using var node = await Node.StartAsync(server, ("GraphQL:Streams:MaxPerAddress", "1"));
        using var first = await SocketClient.ConnectAsync(node.Server, node.Server.Anonymous());

        var refused = await Assert.ThrowsAsync<HandshakeRefusedException>(() => SocketClient.ConnectAsync(node.Server, node.Server.Anonymous()));
        using var user = await SocketClient.OpenAsync(node.Server, await node.Server.SignUpAsync());

        Assert.Equal(429, refused.Status);
    }

    private static async Task<SocketClient> OpenSoonAsync(SchemaServer server, SchemaClient client)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); ; await Task.Delay(50))
        {
            try
            {
                return await SocketClient.OpenAsync(server, client);
            }
            catch (HandshakeRefusedException refused) when (refused.Status == 429 && DateTime.UtcNow < deadline)
            {
            }
        }
    }

    private static async Task<HttpResponseMessage> WatchAsync(SchemaServer server, SchemaClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = Watch }) };
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Origin", server.Address.GetLeftPart(UriPartial.Authority));
        return await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
