using System.Net;
using System.Net.WebSockets;
using System.Text.Json;

namespace ImageRepo.Web.Tests.Api;

/// <summary>A client of graphql-transport-ws that may be let in by a cookie, by a token, or not at all.</summary>
internal sealed class SubscriptionSocket : IDisposable
{
    private const string Watch = "subscription { imageChanged { imageId } }";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly ClientWebSocket _socket = new();

    /// <summary>Of the handshake.</summary>
    public HttpStatusCode Status => _socket.HttpStatusCode;

    /// <summary>Of a handshake that was refused.</summary>
    public string? RetryAfter => _socket.HttpResponseHeaders?.GetValueOrDefault("Retry-After")?.Single();

    /// <summary>Why the server closed it.</summary>
    public (int? Code, string? Reason) Closed => ((int?)_socket.CloseStatus, _socket.CloseStatusDescription);

    /// <exception cref="WebSocketException">The handshake was refused.</exception>
    public async Task ConnectAsync(Uri app, CookieContainer? cookies = null, string? authorization = null)
    {
        _socket.Options.AddSubProtocol("graphql-transport-ws");
        _socket.Options.CollectHttpResponseDetails = true;
        if (cookies is not null)
        {
            _socket.Options.Cookies = cookies;
            _socket.Options.SetRequestHeader("Origin", app.GetLeftPart(UriPartial.Authority));
        }
        await _socket.ConnectAsync(new UriBuilder(app) { Scheme = "ws", Path = "/graphql" }.Uri, new CancellationTokenSource(Limit).Token);
        await SendAsync(new { type = "connection_init", payload = authorization is null ? null : new { Authorization = authorization } });
    }

    public Task WatchAsync(string id) => SendAsync(new { id, type = "subscribe", payload = new { query = Watch } });

    /// <summary>The next message that is no ping; null when the server has closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        var buffer = new byte[16 << 10];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), new CancellationTokenSource(Limit).Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            var message = JsonDocument.Parse(buffer.AsMemory(0, part.Count)).RootElement.Clone();
            if (message.GetProperty("type").GetString() != "ping")
            {
                return message;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private Task SendAsync(object message) =>
        _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, new CancellationTokenSource(Limit).Token);
}
