using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Verification;

/// <summary>
/// Compares the database with the store, both ways, and reads every object that the database names. The product may run meanwhile: what
/// comes and goes while this looks is no fault. Nothing is deleted, whatever is found (docs/decisions/0008).
/// </summary>
public sealed class StoreVerification(IServiceScopeFactory scopes, IObjectStore store, IPictureReader pictures)
{
    /// <summary>Objects read at the same time: a store across the network answers several as fast as one.</summary>
    private const int Parallelism = 4;

    private const int ListedAtOnce = 500;

    /// <summary>For what was between the store and the database when it was listed.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(1);

    private readonly ImageObjects _objects = new(store, pictures);
    private readonly Lock _lock = new();
    private StoreFindings _findings = new();

    /// <param name="repair">Whether renditions that are missing or damaged are made anew from their original.</param>
    /// <param name="report">Told of each fault as it is found; one call at a time.</param>
    /// <param name="progress">Told now and then how far it has come; one call at a time.</param>
    /// <exception cref="StorageUnavailableException">The store can't be reached.</exception>
    public async Task<StoreFindings> VerifyAsync(bool repair, Action<StoreFault> report, Action<StoreFindings> progress, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        _findings = new StoreFindings { ImagesInAll = await db.Images.IgnoreQueryFilters().CountAsync(cancellationToken) };
        await foreach (var page in ExpectedObjects.PagesAsync(db, cancellationToken))
        {
            await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (image, token) => await CheckAsync(image, repair, report, token));
            progress(_findings);
        }
        await foreach (var listed in store.ListAsync("", cancellationToken).Select(o => o.Key).Chunk(ListedAtOnce).WithCancellation(cancellationToken))
        {
            await CheckListedAsync(listed, new UnknownObjects(db), report, cancellationToken);
            progress(_findings);
        }
        return _findings;
    }

    private async Task CheckAsync(ExpectedImage image, bool repair, Action<StoreFault> report, CancellationToken cancellationToken)
    {
        var faults = await _objects.CheckAsync(image, bytes => Count(f => f with { Objects = f.Objects + 1, Bytes = f.Bytes + bytes }), cancellationToken);
        if (faults is not [] && await ExistsAsync(image, cancellationToken))
        {
            faults = repair ? await RepairAsync(image, faults, cancellationToken) : faults;
            faults.ForEach(fault => Tell(fault, report));
        }
        Count(f => f with { Images = f.Images + 1 });
    }

    private async Task<List<StoreFault>> RepairAsync(ExpectedImage image, List<StoreFault> faults, CancellationToken cancellationToken)
    {
        var left = await _objects.RepairAsync(image, faults, cancellationToken);
        if (!await ExistsAsync(image, cancellationToken))
        {
            // Purged meanwhile: what was made anew must not outlive it. A purge that follows deletes it by itself.
            await store.DeleteAllAsync(ObjectKey.RenditionsOf(image.Owner, image.Id), CancellationToken.None);
            return [];
        }
        return left;
    }

    /// <summary>Whether the image is still one: a purge deletes the row before the objects.</summary>
    private async Task<bool> ExistsAsync(ExpectedImage image, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ExpectedObjects.FindAsync(scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>(), [image.Id], cancellationToken) is not [];
    }

    private async Task CheckListedAsync(IReadOnlyCollection<ObjectKey> listed, UnknownObjects unknownObjects, Action<StoreFault> report, CancellationToken cancellationToken)
    {
        var (unknown, noted) = await unknownObjects.FindAsync(listed, cancellationToken);
        if (unknown is not [])
        {
            await Task.Delay(SecondLook, cancellationToken);
            (unknown, var notedSince) = await unknownObjects.FindAsync(unknown, cancellationToken);
            noted += notedSince;
        }
        Count(f => f with { Listed = f.Listed + listed.Count, Noted = f.Noted + noted });
        foreach (var key in unknown)
        {
            if (await IsStoredAsync(key, cancellationToken))
            {
                Tell(new StoreFault(key, StoreFaultKind.Unknown, "is in the store, and the database does not know it."), report);
            }
        }
    }

    /// <summary>False for what a purge has deleted since it was listed.</summary>
    private async Task<bool> IsStoredAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using var stored = await store.OpenReadAsync(key, cancellationToken);
            return stored is not null;
        }
        catch (InvalidDataException)
        {
            // There, whatever it is.
            return true;
        }
    }

    private void Tell(StoreFault fault, Action<StoreFault> report)
    {
        lock (_lock)
        {
            Count(f => f with { Faults = f.Faults + 1, Repaired = f.Repaired + (fault.IsRepaired ? 1 : 0) });
            report(fault);
        }
    }

    private void Count(Func<StoreFindings, StoreFindings> change)
    {
        lock (_lock)
        {
            _findings = change(_findings);
        }
    }
}
