using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Persistence;

public sealed class ImageChangesTests
{
    [Fact]
    public async Task Each_change_is_heard_on_every_node_by_its_owner_alone()
    {
        await using var here = await InfrastructureHost.StartAsync();
        await using var there = await InfrastructureHost.StartAsync(beside: here);
        var (owner, stranger) = (await here.NewOwnerAsync(), await here.NewOwnerAsync());
        await using var watch = new Watch(there, owner);
        await using var silence = new Watch(there, stranger);

        var image = await here.AddImageAsync(owner);
        await here.WaitForAsync(image, i => i.Description is not null);
        await ChangeAsync(i => i.Edit(new ImageEdit { IsFavorite = true }, DateTimeOffset.UtcNow));
        await ChangeAsync(i => i.Trash(DateTimeOffset.UtcNow));
        await here.LibraryAsync(owner, l => l.RestoreAsync(owner, [image.Id], default));
        await here.LibraryAsync(owner, l => l.PurgeAsync(owner, [image.Id], null, default));

        Assert.Equal(
            [ImageChangeKind.Uploaded, ImageChangeKind.Analyzed, ImageChangeKind.Updated, ImageChangeKind.Deleted, ImageChangeKind.Restored, ImageChangeKind.Purged],
            (await watch.TakeAsync(6)).Select(c => c.Kind));
        Assert.Empty(silence.Heard);

        Task ChangeAsync(Action<Image> change) => here.LibraryAsync(owner, l => l.ChangeAsync(owner, [image.Id], change, default));
    }

    /// <summary>Listens from its making on, and keeps what it hears.</summary>
    private sealed class Watch : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _listening;
        private readonly List<ImageChange> _heard = [];

        public Watch(InfrastructureHost host, OwnerId owner)
        {
            var changes = host.Services.GetRequiredService<IImageChanges>().WatchAsync(owner, _end.Token).GetAsyncEnumerator();
            // The first step registers the watcher before anything happens.
            var first = changes.MoveNextAsync();
            _listening = ListenAsync(changes, first);
        }

        public IReadOnlyList<ImageChange> Heard
        {
            get
            {
                lock (_heard)
                {
                    return [.. _heard];
                }
            }
        }

        public async Task<IReadOnlyList<ImageChange>> TakeAsync(int count)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (Heard.Count < count)
            {
                await Task.Delay(10, limit.Token);
            }
            return Heard;
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _listening);
        }

        private async Task ListenAsync(IAsyncEnumerator<ImageChange> changes, ValueTask<bool> next)
        {
            while (await next)
            {
                lock (_heard)
                {
                    _heard.Add(changes.Current);
                }
                next = changes.MoveNextAsync();
            }
        }
    }
}
