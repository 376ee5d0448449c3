using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ImageRepo.Infrastructure.Notifications;

/// <summary>Someone on this node who wants to hear what any node sends by NOTIFY.</summary>
internal interface INotificationHandler
{
    string Channel { get; }

    /// <summary>Called for each notification, one after the other; must not wait.</summary>
    void Handle(string payload);

    /// <summary>Called when the connection is back: notifications were missed.</summary>
    void Missed();
}

/// <summary>This node's one connection that LISTENs, for all handlers.</summary>
internal sealed class PostgresListener(Database database, IEnumerable<INotificationHandler> handlers, ILogger<PostgresListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, INotificationHandler> _handlers = handlers.ToDictionary(h => h.Channel);
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns when it listens, so that nothing that this node does afterwards is missed.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        // Ends with the listening itself when that fails for good, and says why.
        await await Task.WhenAny(_listening.Task, ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or IOException && !stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("The connection that listens for notifications was lost ({Reason}); it is opened again", failure.Message);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenOwnAsync(stoppingToken);
        connection.Notification += (_, sent) => _handlers[sent.Channel].Handle(sent.Payload);
        await using (var listen = new NpgsqlCommand(string.Concat(_handlers.Keys.Select(channel => $"listen {channel};")), connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }
        foreach (var handler in _handlers.Values)
        {
            handler.Missed();
        }
        _listening.TrySetResult();
        while (true)
        {
            await connection.WaitAsync(stoppingToken);
        }
    }
}
