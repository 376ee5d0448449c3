using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Uploads;

/// <inheritdoc cref="IUploadRegister"/>
internal sealed class UploadRegister(ImageRepoDbContext db, OwnerScope scope, IImageLibrary library, UploadHolds holds, TimeProvider time) : IUploadRegister
{
    public async Task AddAsync(Upload upload, int maxOpen, CancellationToken cancellationToken)
    {
        scope.Enter(upload.OwnerId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // An owner begins one after the other, so that those begun at once can't pass the limits together.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({UploadHolds.KeyOf(upload.OwnerId.Value)})", cancellationToken);
        var open = await db.Uploads.Where(u => u.ExpiresAt > upload.BegunAt && u.WasDuplicate == null).Select(u => u.ByteSize).ToListAsync(cancellationToken);
        if (open.Count >= maxOpen)
        {
            throw new TooManyUploadsException(maxOpen);
        }
        var usage = await library.UsageAsync(upload.OwnerId, cancellationToken);
        if (!usage.HasRoomFor(upload.ByteSize + open.Sum()))
        {
            throw new QuotaExceededException(usage);
        }
        db.Add(upload);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    public async Task<Upload?> FindAsync(OwnerId owner, UploadId id, CancellationToken cancellationToken)
    {
        scope.Enter(owner);
        var now = time.GetUtcNow();
        return await db.Uploads.SingleOrDefaultAsync(u => u.Id == id && u.ExpiresAt > now, cancellationToken);
    }

    public async Task CompleteAsync(Upload upload, UploadedImage uploaded, CancellationToken cancellationToken)
    {
        upload.Complete(uploaded);
        await ChangeAsync(upload, set => set.SetProperty(u => u.ContentHash, upload.ContentHash).SetProperty(u => u.WasDuplicate, upload.WasDuplicate), cancellationToken);
    }

    public Task ExpireAsync(Upload upload, CancellationToken cancellationToken) =>
        ChangeAsync(upload, set => set.SetProperty(u => u.ExpiresAt, time.GetUtcNow()), cancellationToken);

    public Task<IAsyncDisposable> HoldAsync(UploadId id, CancellationToken cancellationToken) => holds.TakeAsync(id, cancellationToken);

    private Task ChangeAsync(Upload upload, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Upload>> change, CancellationToken cancellationToken)
    {
        scope.Enter(upload.OwnerId);
        return db.Uploads.Where(u => u.Id == upload.Id).ExecuteUpdateAsync(change, cancellationToken);
    }
}
