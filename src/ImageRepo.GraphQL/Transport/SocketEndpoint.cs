using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Subscriptions;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Opens WebSockets that speak graphql-transport-ws and keeps them until either side leaves.</summary>
internal sealed class SocketEndpoint(
    OperationStream operations, OpenStreams streams, CallerRateLimiter rates, SchemaJson json, BaseAddress address, IOptions<GraphQLOptions> options, TimeProvider time,
    Outages outages, IHostApplicationLifetime lifetime, ILogger<SocketEndpoint> logger)
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
        var fromRequest = await BearerToken.SubscriberAsync(http, address.Current);
        if (fromRequest.HasCookie && !SameOrigin.Holds(http.Request, fromRequest.BaseUrl))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        using var place = new SocketPlace(streams, http.Connection.RemoteIpAddress);
        if (!place.Take(fromRequest))
        {
            await TooManyRequests.AnswerAsync(http, OpenStreams.Problem, OpenStreams.Wait);
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
        var door = new SocketDoor(
            payload => SignInAsync(http, fromRequest, payload), place.Take,
            subscriber => rates.Refuse(CallerKey.Of(subscriber.User, http.Connection.RemoteIpAddress)));
        await new SocketConnection(channel, operations, json, limits, time, outages, logger, door).RunAsync(http.RequestAborted);
    }

    private static async Task<Subscriber?> SignInAsync(HttpContext http, Subscriber fromRequest, JsonElement? payload)
    {
        var authorization = payload is { } fields
            ? fields.EnumerateObject().Where(f => f.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Select(f => f.Value).ToList()
            : [];
        return authorization switch
        {
            [] or [{ ValueKind: JsonValueKind.Null }] => fromRequest,
            [{ ValueKind: JsonValueKind.String } value] => await BearerToken.AuthenticateAsync(http, value.GetString(), fromRequest.BaseUrl),
            _ => null,
        };
    }

    /// <summary>The socket's place among the streams of whoever it belongs to: the address at first, the account once it is known.</summary>
    private sealed class SocketPlace(OpenStreams streams, IPAddress? address) : IDisposable
    {
        private IDisposable? _place;
        private CallerKey? _holder;

        /// <summary>False when all places are taken; the one that it has stays.</summary>
        public bool Take(Subscriber subscriber)
        {
            var caller = CallerKey.Of(subscriber.User, address);
            if (caller == _holder)
            {
                return true;
            }
            if (streams.Open(caller) is not { } place)
            {
                return false;
            }
            _place?.Dispose();
            (_place, _holder) = (place, caller);
            return true;
        }

        public void Dispose() => _place?.Dispose();
    }
}

/// <summary>Who may come in and how often they may ask.</summary>
/// <param name="SignInAsync">Given the payload of `connection_init`: who the client is; null for one that is not let in.</param>
/// <param name="TakePlace">False when whoever it is has too many streams open already.</param>
/// <param name="TooOften">How long whoever it is must wait before the next operation; null when they need not.</param>
internal sealed record SocketDoor(Func<JsonElement?, Task<Subscriber?>> SignInAsync, Func<Subscriber, bool> TakePlace, Func<Subscriber, TimeSpan?> TooOften);
