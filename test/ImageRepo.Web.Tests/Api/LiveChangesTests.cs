using System.Net.WebSockets;
using System.Text;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Tests.Api;

/// <summary>Changes over a WebSocket that the page's real cookie opens.</summary>
public sealed class LiveChangesTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task An_upload_is_heard_until_the_password_is_changed_elsewhere()
    {
        using var client = await App.SignUpAsync();
        using var socket = await OpenAsync(client);
        await client.UploadAsync(Photos.Variant(Photos.Giraffe), "heard.jpg");
        Assert.Contains("\"kind\":\"UPLOADED\"", await ReceiveAsync(socket));
        Assert.Contains("\"kind\":\"ANALYZED\"", await ReceiveAsync(socket));

        await App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == client.UserName).ExecuteUpdateAsync(u => u.SetProperty(x => x.SecurityStamp, "changed")));
        using var again = App.Visit();
        await again.SignInAsync(client.UserName, ImageRepoClient.Password);
        await again.UploadAsync(Photos.Variant(Photos.Giraffe), "not heard.jpg");

        Assert.Contains("AUTH_NOT_AUTHENTICATED", await ReceiveAsync(socket));
        Assert.Equal("""{"id":"1","type":"complete"}""", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task Nothing_is_heard_after_the_cookie_has_run_out()
    {
        using var client = await App.SignUpAsync();
        using var socket = await OpenAsync(client);
        App.Time.Advance(TimeSpan.FromDays(15));

        using var again = App.Visit();
        await again.SignInAsync(client.UserName, ImageRepoClient.Password);
        await again.UploadAsync(Photos.Variant(Photos.Giraffe), "late.jpg");

        Assert.Contains("AUTH_NOT_AUTHENTICATED", await ReceiveAsync(socket));
    }

    /// <summary>Subscribed: the protocol does not tell when, so this waits far longer than it takes.</summary>
    private async Task<ClientWebSocket> OpenAsync(ImageRepoClient client)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = client.Cookies;
        socket.Options.AddSubProtocol("graphql-transport-ws");
        socket.Options.SetRequestHeader("Origin", App.Address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(App.Address) { Scheme = "ws", Path = "/graphql" }.Uri, Timeout());
        await SendAsync(socket, """{"type":"connection_init"}""");
        Assert.Equal("""{"type":"connection_ack"}""", await ReceiveAsync(socket));
        await SendAsync(socket, """{"id":"1","type":"subscribe","payload":{"query":"subscription { imageChanged { kind } }"}}""");
        await Task.Delay(TimeSpan.FromSeconds(2));
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Timeout());

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        while (true)
        {
            var buffer = new byte[8 << 10];
            var message = await socket.ReceiveAsync(buffer.AsMemory(), Timeout());
            var text = Encoding.UTF8.GetString(buffer, 0, message.Count);
            if (text != """{"type":"ping"}""")
            {
                return text;
            }
        }
    }

    private static CancellationToken Timeout() => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;
}
