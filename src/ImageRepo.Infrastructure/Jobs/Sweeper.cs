using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Backups;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Jobs;

/// <summary>Clears away once an hour what a crash left in the store, and what has lain in the trash for too long.</summary>
internal sealed class Sweeper(IServiceScopeFactory scopes, NodeRoles roles, Outages outages, TimeProvider time, ILogger<Sweeper> logger) : BackgroundService
{
    /// <summary>Objects without an image may still be an upload under way; none takes this long.</summary>
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
        var expired = await PurgeExpiredTrashAsync(cancellationToken);
        var unclaimed = await DeleteUnclaimedAsync(owner: null, cancellationToken);
        var uploads = await DeleteExpiredUploadsAsync(owner: null, cancellationToken);
        if (expired + unclaimed + uploads > 0)
        {
            logger.LogInformation(
                "Swept {Expired} images from the trash, the objects of {Unclaimed} images that never came to be, and the parts of {Uploads} uploads that have expired", expired, unclaimed, uploads);
        }
    }

    /// <summary>Deletes an owner's objects that are due, without waiting for the hour.</summary>
    public async Task SweepAsync(OwnerId owner, CancellationToken cancellationToken)
    {
        await DeleteUnclaimedAsync(owner, cancellationToken);
        await DeleteExpiredUploadsAsync(owner, cancellationToken);
    }

    private async Task<int> DeleteUnclaimedAsync(OwnerId? owner, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (true)
        {
            var due = await DueAsync(owner, cancellationToken);
            var before = deleted;
            foreach (var row in due)
            {
                try
                {
                    deleted += await DeleteAsync(row, cancellationToken) ? 1 : 0;
                }
                catch (Exception failure) when (IsOfThisOne(failure) && !cancellationToken.IsCancellationRequested)
                {
                    // One that can't be deleted must not keep the others; it stays noted.
                    logger.LogWarning(failure, "The objects of {ImageId}, which is no image, could not be deleted; it is tried again in {Pause}", row.ImageId, Pause);
                }
            }
            if (due.Count < BatchSize || deleted == before)
            {
                return deleted;
            }
        }
    }

    /// <summary>Without a database the others can't be deleted either; a store may fail for one object alone.</summary>
    private bool IsOfThisOne(Exception failure) => outages.Of(failure) is not DatabaseUnavailableException;

    private async Task<List<UnclaimedRow>> DueAsync(OwnerId? owner, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        var due = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Set<UnclaimedRow>().AsNoTracking().Where(u => u.SweepAfter <= now);
        if (owner is { } one)
        {
            due = due.Where(u => u.OwnerId == one);
        }
        return await due.OrderBy(u => u.SweepAfter).Take(BatchSize).ToListAsync(cancellationToken);
    }

    /// <summary>Holds the note's row until the objects are gone, so that no upload can become an image meanwhile.</summary>
    private async Task<bool> DeleteAsync(UnclaimedRow row, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var store = scope.ServiceProvider.GetRequiredService<IObjectStore>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await DeletionHold.AllowsDeletingAsync(db, cancellationToken))
        {
            return false; // the note stays until the backup is done
        }
        if (await db.Set<UnclaimedRow>().Where(u => u.ImageId == row.ImageId).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return false; // it has become an image, or another node was quicker
        }
        // The only question asked across owners: does the image exist after all?
        var isImage = await db.Images.IgnoreQueryFilters().AnyAsync(i => i.Id == row.ImageId, cancellationToken);
        if (!isImage)
        {
            await store.DeleteAsync(ObjectKey.Original(row.OwnerId, row.ImageId), cancellationToken);
            await store.DeleteAllAsync(ObjectKey.RenditionsOf(row.OwnerId, row.ImageId), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return !isImage;
    }

    /// <summary>Waits for some time after the end: a part that was on its way then may still arrive. Complete uploads are cleared too, for parts that came late.</summary>
    private async Task<int> DeleteExpiredUploadsAsync(OwnerId? owner, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var store = scope.ServiceProvider.GetRequiredService<IObjectStore>();
        var before = time.GetUtcNow() - Grace;
        var uploads = db.Uploads.IgnoreQueryFilters();
        if (owner is { } one)
        {
            uploads = uploads.Where(u => u.OwnerId == one);
        }
        var due = await uploads.Where(u => u.ExpiresAt < before).OrderBy(u => u.ExpiresAt).Take(BatchSize).ToListAsync(cancellationToken);
        var deleted = 0;
        foreach (var upload in due)
        {
            try
            {
                await store.DeleteAllAsync(ObjectKey.PartsOf(upload.OwnerId, upload.Id), cancellationToken);
                deleted += await uploads.Where(u => u.Id == upload.Id).ExecuteDeleteAsync(cancellationToken);
            }
            catch (Exception failure) when (IsOfThisOne(failure) && !cancellationToken.IsCancellationRequested)
            {
                // It stays entered, and the others are not kept by it.
                logger.LogWarning(failure, "The parts of upload {UploadId} could not be deleted; it is tried again in {Pause}", upload.Id, Pause);
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
