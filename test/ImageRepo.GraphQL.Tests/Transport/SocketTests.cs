using System.Net.WebSockets;
using System.Text;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class SocketTests(SchemaServer server) : IAsyncLifetime
{
    private const string Init = """{"type":"connection_init"}""";
    private const string Watch = """{"id":"1","type":"subscribe","payload":{"query":"subscription { imageChanged { kind } }"}}""";

    public Task InitializeAsync() => server.Watchers.WaitForAsync(0);

    public Task DisposeAsync()
    {
        Assert.Empty(server.Log.Errors);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Queries_and_mutations_are_answered_and_pings_too()
    {
        var owner = await server.SignUpAsync();
        using var socket = await SocketClient.OpenAsync(server, owner);

        await socket.SubscribeAsync("q", "{ images { totalCount } }");
        Assert.Equal("""{"id":"q","type":"next","payload":{"data":{"images":{"totalCount":0}}}}""", (await socket.ReceiveAsync()).ToJsonString());
        Assert.Equal("""{"id":"q","type":"complete"}""", (await socket.ReceiveAsync()).ToJsonString());
        await socket.SubscribeAsync("m", "mutation ($ids: [ID!]!) { deleteImages(input: { ids: $ids }) { deletedIds } }", new { ids = Array.Empty<string>() });
        Assert.Equal("""{"id":"m","type":"next","payload":{"data":{"deleteImages":{"deletedIds":[]}}}}""", (await socket.ReceiveAsync()).ToJsonString());
        Assert.Equal("complete", (string?)(await socket.ReceiveAsync())["type"]);
        await socket.SubscribeAsync("e", "{ nope }");
        var error = await socket.ReceiveAsync();
        Assert.Equal(("error", "The field `nope` does not exist on the type `Query`."), ((string?)error["type"], (string?)error["payload"]![0]!["message"]));
        await socket.SendAsync("""{"type":"ping","payload":{"a":[1]}}""");
        Assert.Equal("""{"type":"pong","payload":{"a":[1]}}""", (await socket.ReceiveAsync()).ToJsonString());
        await socket.SendAsync("""{"type":"pong"}""");
        await socket.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.Socket.CloseStatus);
    }

    [Contract("H11")]
    [Theory]
    [InlineData(4400, "")]
    [InlineData(4400, "not json")]
    [InlineData(4400, "[]")]
    [InlineData(4400, "null")]
    [InlineData(4400, "{}")]
    [InlineData(4400, """{"type":1}""")]
    [InlineData(4400, """{"type":"nope"}""")]
    [InlineData(4400, """{"type":"\ud800"}""")]
    [InlineData(4400, """{"type":"connection_init","payload":1}""")]
    [InlineData(4400, Init, """{"type":"ping","payload":[]}""")]
    [InlineData(4400, Init, """{"type":"complete"}""")]
    [InlineData(4400, Init, """{"type":"subscribe","payload":{"query":"{ me { id } }"}}""")]
    [InlineData(4400, Init, """{"id":"","type":"subscribe","payload":{"query":"{ me { id } }"}}""")]
    [InlineData(4400, Init, """{"id":"1","type":"subscribe"}""")]
    [InlineData(4400, Init, """{"id":"1","type":"subscribe","payload":{"query":1}}""")]
    [InlineData(4400, Init, """{"id":"1","type":"subscribe","payload":{"query":"\udfff"}}""")]
    [InlineData(4400, Init, """{"id":"1","type":"subscribe","payload":{"query":"{ me { id } }","variables":1}}""")]
    [InlineData(4401, Watch)]
    [InlineData(4403, """{"type":"connection_init","payload":{"Authorization":"Bearer nonsense"}}""")]
    [InlineData(4403, """{"type":"connection_init","payload":{"authorization":{}}}""")]
    [InlineData(4409, Init, Watch, Watch)]
    [InlineData(4429, Init, Init)]
    public async Task What_breaks_the_protocol_is_closed_with_its_code(int code, params string[] messages)
    {
        using var socket = await SocketClient.ConnectAsync(server, await server.SignUpAsync());
        foreach (var message in messages)
        {
            await socket.SendAsync(message);
        }

        Assert.Equal(code, await socket.CloseCodeAsync());
        await server.Watchers.WaitForAsync(0);
    }

    [Fact]
    public async Task Binary_and_endless_messages_are_refused()
    {
        using var binary = await SocketClient.ConnectAsync(server, server.Anonymous());
        await binary.Socket.SendAsync(Encoding.UTF8.GetBytes(Init), WebSocketMessageType.Binary, true, default);
        using var large = await SocketClient.ConnectAsync(server, server.Anonymous());
        await large.Socket.SendAsync(new byte[65 << 10], WebSocketMessageType.Text, false, default);

        Assert.Equal(4400, await binary.CloseCodeAsync());
        Assert.Equal(1009, await large.CloseCodeAsync());
    }

    [Fact]
    public async Task Another_subprotocol_is_not_acceptable()
    {
        using var none = await SocketClient.ConnectAsync(server, server.Anonymous(), subprotocol: null);

        Assert.Equal(4406, await none.CloseCodeAsync());
    }

    [Contract("H10")]
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_cookie_opens_no_socket_for_other_sites(string? origin)
    {
        var owner = await server.SignUpAsync();

        var refused = await Assert.ThrowsAsync<HandshakeRefusedException>(() => SocketClient.ConnectAsync(server, owner, origin));
        using var anonymous = await SocketClient.ConnectAsync(server, server.Anonymous(), origin);
        await anonymous.SendAsync(Init);

        Assert.Equal(403, refused.Status);
        Assert.Equal("connection_ack", (string?)(await anonymous.ReceiveAsync())["type"]);
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_let_go_and_one_that_waits_is_pinged()
    {
        await using var node = await Node.StartAsync(server, ("GraphQL:Streams:InitTimeout", "00:00:00.3"), ("GraphQL:Streams:KeepAliveInterval", "00:00:00.2"));
        using var silent = await SocketClient.ConnectAsync(node.Server, server.Anonymous());
        Assert.Equal(4408, await silent.CloseCodeAsync());

        using var waiting = await SocketClient.OpenAsync(node.Server, server.Anonymous());
        var buffer = new byte[100];
        var ping = await waiting.Socket.ReceiveAsync(buffer.AsMemory(), default);
        Assert.Equal("""{"type":"ping"}""", Encoding.UTF8.GetString(buffer, 0, ping.Count));
    }

    [Fact]
    public async Task One_operation_too_many_is_refused_and_the_others_live()
    {
        var owner = await server.SignUpAsync();
        using var socket = await SocketClient.OpenAsync(server, owner);
        for (var i = 0; i < 20; i++)
        {
            await socket.SubscribeAsync($"{i}", "subscription { imageChanged { kind } }");
        }
        await server.Watchers.WaitForAsync(20);
        await socket.SubscribeAsync("20", "{ me { id } }");

        var refused = await socket.ReceiveAsync();
        Assert.Equal(("20", "error", "TOO_MANY_OPERATIONS"), ((string?)refused["id"], (string?)refused["type"], (string?)refused["payload"]![0]!["extensions"]!["code"]));
        await socket.SendAsync("""{"id":"7","type":"complete"}""");
        await server.Watchers.WaitForAsync(19);
        await server.AddImageAsync(owner);
        HashSet<string?> told = [];
        while (told.Count < 19)
        {
            told.Add((string?)(await socket.ReceiveAsync())["id"]);
        }
        Assert.DoesNotContain("7", told);
    }

    [Contract("T13")]
    [Fact]
    public async Task A_client_that_does_not_read_is_let_go()
    {
        await using var node = await Node.StartAsync(server, ("GraphQL:Streams:SendTimeout", "00:00:01"));
        using var socket = await SocketClient.OpenAsync(node.Server, await server.SignUpAsync());
        await socket.SendAsync(Watch);
        await node.Server.Watchers.WaitForAsync(1);
        const string large = "{ __schema { types { name description fields { name description args { name description type { name } } type { name ofType { name } } } } } }";

        // More than the buffers between the two hold.
        var flood = Task.Run(async () =>
        {
            for (var i = 0; i < 3_000 && node.Server.Watchers.Count > 0; i++)
            {
                await socket.SubscribeAsync($"q{i}", large);
            }
        });

        await node.Server.Watchers.WaitForAsync(0);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await flood;
            await socket.CloseCodeAsync();
        });
        Assert.Empty(node.Server.Log.Errors);
    }

    [Fact]
    public async Task A_server_that_stops_says_that_it_goes_away()
    {
        await using var node = await Node.StartAsync(server);
        using var socket = await SocketClient.OpenAsync(node.Server, await server.SignUpAsync());
        await socket.SendAsync(Watch);
        await node.Server.Watchers.WaitForAsync(1);

        var stop = node.Server.StopAsync();
        var code = await socket.CloseCodeAsync();
        await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await stop;

        Assert.Equal(1001, code);
        Assert.Equal(0, node.Server.Watchers.Count);
        Assert.Empty(node.Server.Log.Errors);
    }

    [Fact]
    [Trait("Category", "Full")]
    public async Task A_thousand_idle_subscribers_cost_under_100_MB()
    {
        const int count = 1_000;
        await using var node = await Node.StartAsync(server, ("GraphQL:Streams:MaxPerUser", "2000"));
        var owner = await node.Server.SignUpAsync();
        var sockets = new List<SocketClient>();
        await AddAsync(20);
        // The heap, not the working set: what earlier tests left to the system may be given back in the middle of this one.
        var before = LiveMemory.Measure();
        await AddAsync(count);
        await node.Server.Watchers.WaitForAsync(count + 20);

        // Both ends are in this process, so the server's part is less than what is measured.
        var cost = LiveMemory.Measure() - before;
        sockets.ForEach(s => s.Dispose());

        Assert.InRange(cost, 1_000, 100_000_000);
        await node.Server.Watchers.WaitForAsync(0);

        async Task AddAsync(int more)
        {
            for (var i = 0; i < more; i++)
            {
                var socket = await SocketClient.OpenAsync(node.Server, owner);
                await socket.SendAsync(Watch);
                sockets.Add(socket);
            }
        }
    }
}
