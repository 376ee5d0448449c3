using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Jobs;

/// <summary>Clears away once an hour what a crash left in the store, and what has lain in the trash for too long.</summary>
internal sealed class Sweeper(IServiceScopeFactory scopes, NodeRoles roles, TimeProvider time, ILogger<Sweeper> logger) : BackgroundService
{
    /// <summary>An object without an image may still be an upload under way; none takes this long.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    public static readonly TimeSpan TrashLifetime = TimeSpan.FromDays(30);

    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private const int BatchSize = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!roles.IsWorker)
        {
            return;
        }
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(failure, "Sweeping failed; it is tried again in {Pause}", Pause);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var orphans = await DeleteOrphansAsync(ObjectKey.OriginalsPrefix, cancellationToken) + await DeleteOrphansAsync(ObjectKey.RenditionsPrefix, cancellationToken);
        var expired = await PurgeExpiredTrashAsync(cancellationToken);
        if (orphans + expired > 0)
        {
            logger.LogInformation("Swept {Orphans} objects without an image and {Expired} images from the trash", orphans, expired);
        }
    }

    private async Task<int> DeleteOrphansAsync(string prefix, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IObjectStore>();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var deleted = 0;
        await foreach (var batch in store.ListAsync(prefix, cancellationToken)
            .Where(o => o.Key.Image is not null && o.LastModified < time.GetUtcNow() - Grace).Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            var ids = batch.Select(o => o.Key.Image!.Value).Distinct().ToList();
            // The only question asked across owners: does the image exist at all?
            var known = (await db.Images.IgnoreQueryFilters().Where(i => ids.Contains(i.Id)).Select(i => i.Id).ToListAsync(cancellationToken)).ToHashSet();
            foreach (var orphan in batch.Where(o => !known.Contains(o.Key.Image!.Value)))
            {
                await store.DeleteAsync(orphan.Key, cancellationToken);
                deleted++;
            }
        }
        return deleted;
    }

    private async Task<int> PurgeExpiredTrashAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - TrashLifetime;
        var purged = 0;
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
            var expired = await db.Images.IgnoreQueryFilters().Where(i => i.DeletedAt < before).OrderBy(i => i.DeletedAt)
                .Select(i => new { i.OwnerId, i.Id }).Take(BatchSize).ToListAsync(cancellationToken);
            foreach (var owned in expired.GroupBy(i => i.OwnerId))
            {
                await using var owner = scopes.CreateAsyncScope();
                var library = owner.ServiceProvider.GetRequiredService<IImageLibrary>();
                purged += (await library.PurgeAsync(owned.Key, [.. owned.Select(i => i.Id)], trashedBefore: before, cancellationToken)).Done.Count;
            }
            if (expired.Count < BatchSize)
            {
                return purged;
            }
        }
    }
}
