using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Notifications;

/// <summary>Hands each owner's changes to that owner's watchers on this node.</summary>
internal sealed class ImageChangeFeed(ILogger<ImageChangeFeed> logger) : IImageChanges, INotificationHandler
{
    /// <summary>Changes kept for a watcher that is busy; one that falls further behind is let go rather than held in memory.</summary>
    private const int Backlog = 1_000;

    private readonly ConcurrentDictionary<OwnerId, ImmutableList<Channel<ImageChange>>> _watchers = new();

    public string Channel => "imagerepo_images";

    /// <summary>Tells of the changes when the transaction in which the batch is executed commits, and only then.</summary>
    public void AddTo(StatementBatch batch, OwnerId owner, IReadOnlyCollection<ImageChange> changes)
    {
        if (changes.Count > 0)
        {
            var payloads = changes.Select(c => $"{c.Kind} {owner.Value} {c.ImageId.Value}").ToArray();
            batch.Add($"select pg_notify({Channel}, payload) from unnest({payloads}) payload");
        }
    }

    public async IAsyncEnumerable<ImageChange> WatchAsync(OwnerId owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watcher = System.Threading.Channels.Channel.CreateBounded<ImageChange>(Backlog);
        _watchers.AddOrUpdate(owner, [watcher], (_, others) => others.Add(watcher));
        try
        {
            await foreach (var change in watcher.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            _watchers.AddOrUpdate(owner, [], (_, others) => others.Remove(watcher));
            _watchers.TryRemove(new(owner, []));
        }
    }

    public void Handle(string payload)
    {
        if (payload.Split(' ') is not [var kind, var owner, var image]
            || !Enum.TryParse<ImageChangeKind>(kind, out var parsed) || !Guid.TryParse(owner, out var ownerId) || !Guid.TryParse(image, out var imageId))
        {
            logger.LogWarning("A notification on {Channel} could not be read; a node of another version may have sent it", Channel);
            return;
        }
        foreach (var watcher in _watchers.GetValueOrDefault(new OwnerId(ownerId)) ?? [])
        {
            if (!watcher.Writer.TryWrite(new ImageChange(parsed, new ImageId(imageId))))
            {
                watcher.Writer.TryComplete(new ImageChangesLostException());
            }
        }
    }

    public void Missed()
    {
        foreach (var watcher in _watchers.Values.SelectMany(watchers => watchers))
        {
            watcher.Writer.TryComplete(new ImageChangesLostException());
        }
    }
}
