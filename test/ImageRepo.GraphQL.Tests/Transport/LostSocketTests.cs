using System.Net.Sockets;
using System.Text;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

/// <summary>Subscribers that are gone, by what their end of the connection still does.</summary>
[Collection(SchemaServerCollection.Name)]
public sealed class LostSocketTests(SchemaServer server) : IAsyncLifetime
{
    public Task InitializeAsync() => server.Watchers.WaitForAsync(0);

    public Task DisposeAsync()
    {
        Assert.Empty(server.Log.Errors);
        return Task.CompletedTask;
    }

    [Contract("T13")]
    [Theory]
    [InlineData("complete")]
    [InlineData("close")]
    [InlineData("reset")]
    [InlineData("broken frame")]
    public async Task A_client_that_leaves_frees_its_watcher(string how)
    {
        using var tcp = await WatchBareAsync(server, await server.SignUpAsync());
        var stream = tcp.GetStream();

        switch (how)
        {
            case "complete":
                await stream.WriteAsync(Frame(0x81, """{"id":"1","type":"complete"}"""));
                break;
            case "close":
                await stream.WriteAsync(Frame(0x88, "\u0003\u00e8"));
                break;
            case "reset":
                tcp.LingerState = new LingerOption(true, 0);
                tcp.Close();
                break;
            default:
                // Reserved bits, an unknown opcode, no mask, and a length that is not there; as long as the head of a masked frame, which is waited for.
                await stream.WriteAsync(new byte[] { 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF });
                break;
        }

        await server.Watchers.WaitForAsync(0);
    }

    [Contract("T13")]
    [Fact]
    public async Task A_client_that_shows_no_sign_of_life_frees_its_watcher()
    {
        await using var node = await Node.StartAsync(server, ("GraphQL:Streams:KeepAliveInterval", "00:00:00.5"));
        using var tcp = await WatchBareAsync(node.Server, await server.SignUpAsync());

        // It stays connected, with a frame begun, and answers no ping of the protocol's.
        await tcp.GetStream().WriteAsync(new byte[] { 0x81 });

        await node.Server.Watchers.WaitForAsync(0);
    }

    /// <summary>A subscriber of whose socket nothing is done that the test does not do.</summary>
    private static async Task<TcpClient> WatchBareAsync(SchemaServer node, SchemaClient owner)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(node.Address.Host, node.Address.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /graphql HTTP/1.1\r\nHost: {node.Address.Authority}\r\nOrigin: http://{node.Address.Authority}\r\nX-Test-User: {owner.Owner}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"));
        await stream.WriteAsync(Frame(0x81, """{"type":"connection_init"}"""));
        await stream.WriteAsync(Frame(0x81, """{"id":"1","type":"subscribe","payload":{"query":"subscription { imageChanged { kind } }"}}"""));
        await node.Watchers.WaitForAsync(1);
        return tcp;
    }

    private static byte[] Frame(byte kind, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        // A mask of zeros, which the protocol lets a client choose.
        return bytes.Length < 126
            ? [kind, (byte)(0x80 | bytes.Length), 0, 0, 0, 0, .. bytes]
            : [kind, 0xFE, (byte)(bytes.Length >> 8), (byte)bytes.Length, 0, 0, 0, 0, .. bytes];
    }
}
