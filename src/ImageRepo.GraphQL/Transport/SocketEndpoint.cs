using System.Net.WebSockets;
using System.Text.Json;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Opens WebSockets that speak graphql-transport-ws and keeps them until either side leaves.</summary>
internal sealed class SocketEndpoint(
    OperationStream operations, SchemaJson json, BaseAddress address, IOptions<GraphQLOptions> options, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<SocketEndpoint> logger)
{
    private const string Subprotocol = "graphql-transport-ws";

    /// <summary>Frames that tell a dead client from a quiet one; scripts in browsers don't see them, so the protocol has its own beside them.</summary>
    public static WebSocketOptions Options(IServiceProvider services)
    {
        var interval = services.GetRequiredService<IOptions<GraphQLOptions>>().Value.Streams.KeepAliveInterval;
        return new WebSocketOptions { KeepAliveInterval = interval, KeepAliveTimeout = interval };
    }

    public async Task HandleAsync(HttpContext http)
    {
        var fromCookie = Subscriber.Of(http, address.Current);
        if (fromCookie.HasCookie && !SameOrigin.Holds(http.Request, fromCookie.BaseUrl))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        var limits = options.Value.Streams;
        var isSpoken = http.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol);
        using var socket = await http.WebSockets.AcceptWebSocketAsync(isSpoken ? Subprotocol : null);
        var channel = new SocketChannel(socket, limits, time);
        if (!isSpoken)
        {
            await channel.CloseAsync(SocketClose.NoSubprotocol);
        }
        await using var stopping = lifetime.ApplicationStopping.Register(() => _ = channel.CloseAsync(SocketClose.GoingAway));
        await new SocketConnection(channel, operations, json, limits, time, logger, payload => SignInAsync(http, fromCookie, payload)).RunAsync(http.RequestAborted);
    }

    private static async Task<Subscriber?> SignInAsync(HttpContext http, Subscriber fromCookie, JsonElement? payload)
    {
        var authorization = payload is { } fields
            ? fields.EnumerateObject().Where(f => f.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Select(f => f.Value).ToList()
            : [];
        return authorization switch
        {
            [] or [{ ValueKind: JsonValueKind.Null }] => fromCookie,
            [{ ValueKind: JsonValueKind.String } value] => await BearerToken.AuthenticateAsync(http, value.GetString(), fromCookie.BaseUrl),
            _ => null,
        };
    }
}
