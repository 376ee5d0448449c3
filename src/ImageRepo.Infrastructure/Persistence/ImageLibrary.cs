using ImageRepo.Domain;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Backups;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Persistence;

/// <inheritdoc cref="IImageLibrary"/>
internal sealed class ImageLibrary(
    ImageRepoDbContext db, OwnerScope scope, OwnerLock ownerLock, ImageIndex index, ImageChangeFeed feed, IObjectStore store, IOptions<QuotaOptions> quota,
    TimeProvider time, ILogger<ImageLibrary> logger) : IImageLibrary
{
    private readonly List<ImageChange> _changes = [];

    /// <summary>What a transaction does last.</summary>
    private readonly StatementBatch _batch = new();

    public async Task<Usage> UsageAsync(OwnerId owner, CancellationToken cancellationToken)
    {
        scope.Enter(owner);
        return UsageOf(await db.OwnerCounts.SingleOrDefaultAsync(cancellationToken));
    }

    public async Task<Usage> ReserveAsync(OwnerId owner, ImageId image, CancellationToken cancellationToken)
    {
        scope.Enter(owner);
        var sweepAfter = time.GetUtcNow() + Sweeper.Grace;
        var totals = await db.Database.SqlQuery<TotalsRow>($"""
            with noted as (insert into unclaimed (image_id, owner_id, sweep_after) values ({image.Value}, {owner.Value}, {sweepAfter}))
            select images + trashed_images as images, bytes + trashed_bytes as bytes from owner_count where owner_id = {owner.Value}
            """).ToListAsync(cancellationToken);
        var usage = totals is [var row] ? UsageOf(row.Images, row.Bytes) : UsageOf(0, 0);
        if (!usage.HasRoomFor(1))
        {
            await ReleaseAsync(owner, image, CancellationToken.None);
            throw new QuotaExceededException(usage);
        }
        return usage;
    }

    public async Task ReleaseAsync(OwnerId owner, ImageId image, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync(
        $"delete from unclaimed where image_id = {image.Value} and owner_id = {owner.Value}", cancellationToken);

    public async Task<Image?> FindTwinAsync(OwnerId owner, ContentHash hash, CancellationToken cancellationToken)
    {
        scope.Enter(owner);
        return await TwinAsync(db.Images, hash, cancellationToken);
    }

    public Task<UploadedImage> AddAsync(Image image, CancellationToken cancellationToken) =>
        InTransactionAsync(image.OwnerId, async totals =>
        {
            if (!await ClaimAsync(image, cancellationToken))
            {
                var twin = await TwinAsync(Tracked, image.ContentHash, cancellationToken)
                    ?? throw new InvalidOperationException($"The objects of image {image.Id} were not reserved, or were swept away.");
                if (twin.IsTrashed)
                {
                    Apply(twin, t => t.Restore(time.GetUtcNow()));
                }
                return new UploadedImage(twin, IsDuplicate: true);
            }
            var usage = UsageOf(totals);
            if (!usage.HasRoomFor(image.ByteSize))
            {
                throw new QuotaExceededException(usage);
            }
            db.Add(image);
            index.Added(image);
            _changes.Add(new ImageChange(ImageChangeKind.Uploaded, image.Id));
            db.Add(AnalysisJobs.For(image));
            _batch.Add(AnalysisJobs.Wake);
            return new UploadedImage(image, IsDuplicate: false);
        }, cancellationToken);

    public Task<BulkResult<Image>> ChangeAsync(OwnerId owner, IReadOnlyCollection<ImageId> ids, Action<Image> change, CancellationToken cancellationToken) =>
        ForEachAsync(owner, ids, image =>
        {
            Apply(image, change);
            return Task.FromResult(image);
        }, cancellationToken);

    public Task<BulkResult<Image>> RestoreAsync(OwnerId owner, IReadOnlyCollection<ImageId> ids, CancellationToken cancellationToken) =>
        ForEachAsync(owner, ids, async image =>
        {
            if (image.IsTrashed && await LivingTwinAsync(image, cancellationToken) is { } twin)
            {
                throw new DuplicateImageException(image.Id, twin);
            }
            Apply(image, i => i.Restore(time.GetUtcNow()));
            return image;
        }, cancellationToken);

    public async Task<BulkResult<ImageId>> PurgeAsync(
        OwnerId owner, IReadOnlyCollection<ImageId> ids, DateTimeOffset? trashedBefore, CancellationToken cancellationToken)
    {
        var purged = await ForEachAsync(owner, ids, image =>
        {
            // Asked under the lock: the owner may have taken it out of the trash a moment ago.
            if (trashedBefore is { } before && !(image.DeletedAt < before))
            {
                throw new ImageNotFoundException(image.Id);
            }
            index.Removed(image);
            _changes.Add(new ImageChange(ImageChangeKind.Purged, image.Id));
            db.Remove(image);
            // Due at once: should the deletion below fail, the sweeper repeats it.
            db.Add(new UnclaimedRow { ImageId = image.Id, OwnerId = owner, SweepAfter = time.GetUtcNow() });
            return Task.FromResult(image.Id);
        }, cancellationToken);
        await DeleteObjectsAsync(owner, purged.Done);
        return purged;
    }

    /// <summary>What is not deleted here stays noted for the sweeper: while a backup copies objects, when the store is away, after a crash.</summary>
    private async Task DeleteObjectsAsync(OwnerId owner, IReadOnlyList<ImageId> purged)
    {
        if (purged is [])
        {
            return;
        }
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
            if (await DeletionHold.AllowsDeletingAsync(db, CancellationToken.None))
            {
                foreach (var id in purged)
                {
                    await store.DeleteAsync(ObjectKey.Original(owner, id), CancellationToken.None);
                    await store.DeleteAllAsync(ObjectKey.RenditionsOf(owner, id), CancellationToken.None);
                    await ReleaseAsync(owner, id, CancellationToken.None);
                }
                await transaction.CommitAsync(CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is StorageUnavailableException or not DomainException)
        {
            // The images are gone for their owner; what the store kept is for the sweeper.
            logger.LogWarning(failure, "The objects of {Count} purged images, the first of them {ImageId}, could not all be deleted now; the sweeper will", purged.Count, purged[0]);
        }
    }

    /// <summary>False when a twin has come meanwhile, or when there is no note: the sweeper was here, and holds its row until the objects are gone.</summary>
    private async Task<bool> ClaimAsync(Image image, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync($"""
        delete from unclaimed where image_id = {image.Id.Value} and owner_id = {image.OwnerId.Value}
        and not exists (select from image where owner_id = {image.OwnerId.Value} and content_hash = {Convert.FromHexString(image.ContentHash.Value)})
        """, cancellationToken) == 1;

    private IQueryable<Image> Tracked => db.Set<Image>();

    private static async Task<Image?> TwinAsync(IQueryable<Image> images, ContentHash hash, CancellationToken cancellationToken)
    {
        // First its id alone: there is hardly ever a twin, and describing all of an image that is not there takes its time.
        var twin = await images.Where(i => i.ContentHash == hash).OrderBy(i => i.DeletedAt != null).ThenBy(i => i.Id)
            .Select(i => (ImageId?)i.Id).FirstOrDefaultAsync(cancellationToken);
        return twin is { } id ? await images.SingleOrDefaultAsync(i => i.Id == id, cancellationToken) : null;
    }

    /// <summary>Looks in the change tracker too: another image of the same call may have been restored a moment ago.</summary>
    private async Task<Image?> LivingTwinAsync(Image image, CancellationToken cancellationToken) =>
        db.Set<Image>().Local.FirstOrDefault(other => other.Id != image.Id && !other.IsTrashed && other.ContentHash == image.ContentHash)
        ?? await Tracked.FirstOrDefaultAsync(other => other.Id != image.Id && other.DeletedAt == null && other.ContentHash == image.ContentHash, cancellationToken);

    private void Apply(Image image, Action<Image> change)
    {
        var (before, analysis) = (ImageIndex.Entry.Of(image), image.Analysis);
        change(image);
        index.Changed(before, image);
        if (KindOf(before.IsTrashed, analysis, image) is { } kind)
        {
            _changes.Add(new ImageChange(kind, image.Id));
        }
    }

    /// <summary>Null for what nobody waits for: an attempt that starts or is put off.</summary>
    private static ImageChangeKind? KindOf(bool wasTrashed, ImageAnalysis before, Image image) => image switch
    {
        { IsTrashed: true } when !wasTrashed => ImageChangeKind.Deleted,
        { IsTrashed: false } when wasTrashed => ImageChangeKind.Restored,
        { Analysis.Status: AnalysisStatus.Completed or AnalysisStatus.Failed } when before != image.Analysis => ImageChangeKind.Analyzed,
        _ when before != image.Analysis => null,
        _ => ImageChangeKind.Updated,
    };

    private Task<BulkResult<T>> ForEachAsync<T>(
        OwnerId owner, IReadOnlyCollection<ImageId> ids, Func<Image, Task<T>> act, CancellationToken cancellationToken) =>
        InTransactionAsync(owner, async _ =>
        {
            var wanted = ids.Distinct().ToList();
            var found = await Tracked.Where(i => wanted.Contains(i.Id)).ToDictionaryAsync(i => i.Id, cancellationToken);
            List<T> done = [];
            List<DomainException> errors = [];
            foreach (var id in wanted)
            {
                try
                {
                    done.Add(await act(found.GetValueOrDefault(id) ?? throw new ImageNotFoundException(id)));
                }
                catch (DomainException refused)
                {
                    errors.Add(refused);
                }
            }
            return new BulkResult<T>(done, errors);
        }, cancellationToken);

    /// <summary>Locks the owner's totals, does the work, and saves images, indexes and totals together.</summary>
    private async Task<T> InTransactionAsync<T>(OwnerId owner, Func<OwnerCount, Task<T>> work, CancellationToken cancellationToken)
    {
        scope.Enter(owner);
        db.ChangeTracker.Clear();
        // Nobody goes on in a transaction of which a part has failed; its release is a round trip.
        db.Database.AutoSavepointsEnabled = false;
        try
        {
            // A job brings a transaction of its own, in which it ends too.
            await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
            var totals = await ownerLock.TakeAsync(owner, cancellationToken);
            var result = await work(totals);
            await index.SaveAsync(totals, _batch, cancellationToken);
            feed.AddTo(_batch, owner, _changes);
            await _batch.ExecuteAsync(db, cancellationToken);
            if (own is not null)
            {
                await own.CommitAsync(cancellationToken);
            }
            return result;
        }
        finally
        {
            index.Forget();
            _changes.Clear();
            _batch.Clear();
            db.ChangeTracker.Clear();
        }
    }

    private Usage UsageOf(OwnerCount? totals) => totals is null ? UsageOf(0, 0) : UsageOf(totals.Images + totals.TrashedImages, totals.Bytes + totals.TrashedBytes);

    private Usage UsageOf(int images, long bytes) => new(images, quota.Value.MaxImages, bytes, quota.Value.MaxBytes);

    private sealed record TotalsRow(int Images, long Bytes);
}
