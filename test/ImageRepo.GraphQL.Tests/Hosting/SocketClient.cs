using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ImageRepo.GraphQL.Tests.Hosting;

/// <summary>One end of a real WebSocket, as a page of the product opens it unless told otherwise.</summary>
public sealed class SocketClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private SocketClient(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    /// <param name="origin">Null for none; the server's own unless given.</param>
    public static async Task<SocketClient> ConnectAsync(SchemaServer server, SchemaClient client, string? origin = "same", string? subprotocol = "graphql-transport-ws")
    {
        var socket = new ClientWebSocket();
        if (subprotocol is not null)
        {
            socket.Options.AddSubProtocol(subprotocol);
        }
        foreach (var (name, values) in client.Http.DefaultRequestHeaders)
        {
            socket.Options.SetRequestHeader(name, values.First());
        }
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin == "same" ? server.Address.GetLeftPart(UriPartial.Authority) : origin);
        }
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, Timeout());
        }
        catch (WebSocketException)
        {
            throw new HandshakeRefusedException((int)socket.HttpStatusCode);
        }
        return new SocketClient(socket);
    }

    /// <summary>Connected and let in.</summary>
    public static async Task<SocketClient> OpenAsync(SchemaServer server, SchemaClient client)
    {
        var socket = await ConnectAsync(server, client);
        await socket.SendAsync("""{"type":"connection_init"}""");
        Assert.Equal("connection_ack", (string?)(await socket.ReceiveAsync())["type"]);
        return socket;
    }

    public Task SendAsync(string text) => Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Timeout());

    public Task SubscribeAsync(string id, string query, object? variables = null) =>
        SendAsync(System.Text.Json.JsonSerializer.Serialize(new { id, type = "subscribe", payload = new { query, variables } }));

    /// <summary>The next message that is no ping.</summary>
    public async Task<JsonObject> ReceiveAsync()
    {
        while (true)
        {
            var message = await MessageAsync() ?? throw new InvalidOperationException($"Closed with {(int?)Socket.CloseStatus}: {Socket.CloseStatusDescription}");
            if ((string?)message["type"] != "ping")
            {
                return message;
            }
        }
    }

    /// <summary>Reads on until the server closes.</summary>
    public async Task<int?> CloseCodeAsync()
    {
        while (await MessageAsync() is not null)
        {
        }
        return (int?)Socket.CloseStatus;
    }

    public void Dispose() => Socket.Dispose();

    private async Task<JsonObject?> MessageAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer.AsMemory(), Timeout());
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!.AsObject();
            }
        }
    }

    private static CancellationToken Timeout() => new CancellationTokenSource(Patience).Token;
}

public sealed class HandshakeRefusedException(int status) : Exception($"The handshake was answered with {status}.")
{
    public int Status { get; } = status;
}
