using System.Collections.Concurrent;
using System.Text.Json;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Subscriptions;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageRepo.GraphQL.Transport;

/// <summary>One client of the graphql-transport-ws protocol and its operations.</summary>
internal sealed class SocketConnection(
    SocketChannel channel, OperationStream operations, SchemaJson json, StreamOptions limits, TimeProvider time, Outages outages, ILogger logger, SocketDoor door)
{
    /// <summary>By their ids; one that the client completed is no longer here.</summary>
    private readonly ConcurrentDictionary<string, Running> _running = new();

    /// <summary>All that have not come to their end, those being cancelled included.</summary>
    private readonly ConcurrentDictionary<Running, bool> _alive = new();
    private bool _isInitialised;
    private volatile Subscriber? _subscriber;

    /// <param name="gone">The connection is lost.</param>
    public async Task RunAsync(CancellationToken gone)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone);
        var life = KeepAliveAsync(ended.Token);
        try
        {
            while (await channel.ReceiveAsync(message => HandleAsync(message, ended.Token), ended.Token))
            {
            }
        }
        catch (Exception failure) when (outages.Of(failure) is not null)
        {
            await channel.CloseAsync(SocketClose.Unavailable);
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll([life, .. _alive.Keys.Select(r => r.Task)]);
            await channel.AnswerCloseAsync();
        }
    }

    private async Task KeepAliveAsync(CancellationToken ended)
    {
        try
        {
            await Task.Delay(limits.InitTimeout, time, ended);
            if (_subscriber is null)
            {
                await channel.CloseAsync(SocketClose.InitTimeout);
                return;
            }
            using var pulse = new PeriodicTimer(limits.KeepAliveInterval, time);
            while (await pulse.WaitForNextTickAsync(ended))
            {
                await channel.SendAsync(SocketReplies.Of("ping"), ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has left.
        }
    }

    private Task HandleAsync(ReadOnlyMemory<byte> bytes, CancellationToken ended)
    {
        SocketMessage message;
        try
        {
            message = SocketMessage.Read(bytes);
        }
        catch (FormatException broken)
        {
            return channel.CloseAsync(SocketClose.Invalid(broken.Message.Length <= 100 ? broken.Message : "Invalid message received"));
        }
        return message switch
        {
            { Type: "connection_init" } => InitialiseAsync(message.Payload, ended),
            { Type: "ping" } => channel.SendAsync(SocketReplies.Of("pong", payload: message.Payload), ended),
            { Type: "subscribe", Id: { } id, Request: { } request } => SubscribeAsync(id, request, ended),
            { Type: "complete", Id: { } id } => CompleteAsync(id),
            _ => Task.CompletedTask,
        };
    }

    private async Task InitialiseAsync(JsonElement? payload, CancellationToken ended)
    {
        if (_isInitialised)
        {
            await channel.CloseAsync(SocketClose.TooManyInits);
            return;
        }
        _isInitialised = true;
        if (await door.SignInAsync(payload) is not { } subscriber)
        {
            await channel.CloseAsync(SocketClose.Forbidden);
            return;
        }
        if (!door.TakePlace(subscriber))
        {
            await channel.CloseAsync(SocketClose.TooManyStreams);
            return;
        }
        _subscriber = subscriber;
        await channel.SendAsync(SocketReplies.Of("connection_ack"), ended);
    }

    private async Task SubscribeAsync(string id, SchemaRequest request, CancellationToken ended)
    {
        if (_subscriber is not { } subscriber)
        {
            await channel.CloseAsync(SocketClose.Unauthorized);
            return;
        }
        if (_running.ContainsKey(id))
        {
            await channel.CloseAsync(SocketClose.Duplicate(id));
            return;
        }
        // Those being cancelled count too in the end: else a client could start and complete faster than anything stops.
        if (_running.Count >= limits.MaxOperations || _alive.Count >= 2 * limits.MaxOperations)
        {
            var refused = SchemaResponse.Refused($"The connection runs the {limits.MaxOperations} operations that are allowed at once.", "TOO_MANY_OPERATIONS");
            await channel.SendAsync(SocketReplies.Error(id, refused, json), ended);
            return;
        }
        if (door.TooOften(subscriber) is { } wait)
        {
            await channel.SendAsync(SocketReplies.Error(id, TooManyRequests.Refused("There were too many requests.", wait), json), ended);
            return;
        }
        var running = new Running(CancellationTokenSource.CreateLinkedTokenSource(ended));
        _running[id] = running;
        _alive[running] = true;
        running.Task = Task.Run(() => ExecuteAsync(id, request, subscriber, running), CancellationToken.None);
    }

    private Task CompleteAsync(string id) => _running.TryRemove(id, out var running) ? running.Stop.CancelAsync() : Task.CompletedTask;

    private async Task ExecuteAsync(string id, SchemaRequest request, Subscriber subscriber, Running running)
    {
        var stop = running.Stop.Token;
        try
        {
            await foreach (var response in operations.RunAsync(request, subscriber, stop))
            {
                if (response.Refusal != Refusal.None)
                {
                    await EndAsync(id, running, SocketReplies.Error(id, response, json), stop);
                    return;
                }
                await channel.SendAsync(SocketReplies.Next(id, response, json), stop);
            }
            await EndAsync(id, running, SocketReplies.Of("complete", id), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client has completed it or left.
        }
        catch (Exception failure) when (outages.Of(failure) is not null)
        {
            await channel.CloseAsync(SocketClose.Unavailable);
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "An operation over a WebSocket failed");
            await channel.CloseAsync(SocketClose.Failed);
        }
        finally
        {
            _running.TryRemove(new(id, running));
            _alive.TryRemove(running, out _);
        }
    }

    /// <summary>Frees the id before the client learns that it may use it again.</summary>
    private Task EndAsync(string id, Running running, ReadOnlyMemory<byte> message, CancellationToken stop) =>
        _running.TryRemove(new(id, running)) ? channel.SendAsync(message, stop) : Task.CompletedTask;

    /// <summary>Its source is never disposed while someone may cancel it; without a timer it holds nothing but memory.</summary>
    private sealed class Running(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop { get; } = stop;
        public Task Task { get; set; } = Task.CompletedTask;
    }
}
