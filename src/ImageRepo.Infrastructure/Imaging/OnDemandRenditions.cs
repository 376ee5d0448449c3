using System.Collections.Concurrent;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>
/// Makes renditions when they are asked for the first time: each once, however many ask and on whichever node, and few at a time, so that
/// uploads are not kept waiting.
/// </summary>
public sealed class OnDemandRenditions
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<ObjectKey, Lazy<Task<bool>>> _underway = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly IObjectStore _store;
    private readonly IPictureReader _pictures;
    private readonly IHostApplicationLifetime _host;
    private readonly DecodeGate _gate;
    private readonly TimeSpan _retryAfter;
    private readonly TimeProvider _time;
    private readonly ILogger<OnDemandRenditions> _logger;

    internal OnDemandRenditions(IServiceScopeFactory scopes, IObjectStore store, IPictureReader pictures, IOptions<ImagingOptions> options, IHostApplicationLifetime host,
        TimeProvider time, ILogger<OnDemandRenditions> logger)
    {
        (_scopes, _store, _pictures, _host, _time, _logger) = (scopes, store, pictures, host, time, logger);
        var imaging = options.Value;
        _gate = new DecodeGate(imaging.RenditionDecodes, pixels: long.MaxValue, imaging.RenditionQueueLength, imaging.RetryAfter);
        _retryAfter = imaging.RetryAfter;
    }

    /// <summary>Makes the rendition unless it is there. False when the key is none of a rendition on demand, or its image is gone.</summary>
    /// <param name="key">From a link, so of an owner who may see it.</param>
    /// <param name="cancellationToken">Ends the waiting; what has begun goes on for the others, and for the next.</param>
    /// <exception cref="ServerBusyException">Too many are waiting already, or it took too long.</exception>
    /// <exception cref="StorageUnavailableException">The store is away.</exception>
    public async Task<bool> MakeAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (key.OnDemand is not { } asked)
        {
            return false;
        }
        var making = _underway.GetOrAdd(key, _ => new Lazy<Task<bool>>(() => RunAsync(key, asked.Owner, asked.Image, asked.Plan)));
        return await making.Value.WaitAsync(cancellationToken);
    }

    private async Task<bool> RunAsync(ObjectKey key, OwnerId owner, ImageId image, RenditionPlan plan)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_host.ApplicationStopping);
        patience.CancelAfter(Patience);
        try
        {
            // Before the transaction: who waits here holds no connection.
            using var place = await _gate.EnterAsync(weight: 1, patience.Token);
            return await MakeAsync(key, owner, image, plan, patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new ServerBusyException(_retryAfter);
        }
        finally
        {
            _underway.TryRemove(key, out _);
        }
    }

    private async Task<bool> MakeAsync(ObjectKey key, OwnerId owner, ImageId image, RenditionPlan plan, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OwnerScope>().Enter(owner);
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        // Both locks end with the transaction, and so with a node that dies: no other node makes the same, and the image can't be purged before
        // its new object lies where a purge finds it. Editing and trashing it go on.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({key.Value}, 0))", cancellationToken);
        var held = await db.Database.SqlQuery<Guid>($"select id as \"Value\" from image where id = {image.Value} and owner_id = {owner.Value} for key share").ToListAsync(cancellationToken);
        if (held is [])
        {
            return false;
        }
        if (await _store.ExistsAsync(key, cancellationToken))
        {
            return true;
        }
        var format = await db.Images.Where(i => i.Id == image).Select(i => i.Format).SingleAsync(cancellationToken);
        var rendition = await RenderAsync(ObjectKey.Original(owner, image), format, plan, cancellationToken);
        using var content = new MemoryStream(rendition.Content, writable: false);
        await _store.PutAsync(key, content, rendition.Format.ContentType(), cancellationToken);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch
        {
            // The locks were lost on the way, so the image may have been purged before the object was there.
            await TakeBackAsync(key, owner, image);
            throw;
        }
        return true;
    }

    /// <summary>Never fails: what is told is why it came to this.</summary>
    private async Task TakeBackAsync(ObjectKey key, OwnerId owner, ImageId image)
    {
        try
        {
            await _store.DeleteAsync(key, CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            await NoteAsync(key, owner, image);
        }
    }

    /// <summary>Leaves the object to the sweeper if its image is gone, after a purge that is under way; that of an image that lives is a rendition like any other.</summary>
    private async Task NoteAsync(ObjectKey key, OwnerId owner, ImageId image)
    {
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Database.ExecuteSqlAsync($"""
                insert into unclaimed (image_id, owner_id, sweep_after)
                select {image.Value}, {owner.Value}, {_time.GetUtcNow()} where not exists (select from image where id = {image.Value} for key share)
                on conflict do nothing
                """, CancellationToken.None);
        }
        catch (Exception failure)
        {
            _logger.LogWarning(failure, "{Object} may be left of an image that is gone; `imagerepo verify` finds it", key);
        }
    }

    private async Task<EncodedRendition> RenderAsync(ObjectKey original, ImageFormat format, RenditionPlan plan, CancellationToken cancellationToken)
    {
        await using var file = await _store.OpenReadAsync(original, cancellationToken)
            ?? throw new InvalidOperationException($"The original {original} is not in the store.");
        return await _pictures.RenderAsync(file.Content, format, plan, cancellationToken);
    }
}
