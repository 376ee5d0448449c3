using System.Collections.Concurrent;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.Backups;

/// <summary>Copies objects from one store to another, several at a time. What the other has already is left as it is: no object ever changes.</summary>
internal sealed class ObjectCopy(IObjectStore from, IObjectStore to)
{
    private const int Parallelism = 4;

    private readonly ConcurrentBag<ObjectKey> _unreadable = [];
    private long _copied;
    private long _bytes;

    public long Copied => Interlocked.Read(ref _copied);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Those that were not there, or not whole.</summary>
    public IReadOnlyCollection<ObjectKey> Unreadable => _unreadable;

    /// <exception cref="StorageUnavailableException">One of the stores can't be reached.</exception>
    public Task CopyAsync(IEnumerable<ListedObject> objects, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(objects, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (listed, token) =>
        {
            if (!await IsThereAsync(listed.Key, token) && !await CopyAsync(listed, token))
            {
                _unreadable.Add(listed.Key);
            }
        });

    /// <summary>To open an object proves that it has its whole length.</summary>
    private async Task<bool> IsThereAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using var there = await to.OpenReadAsync(key, cancellationToken);
            return there is not null;
        }
        catch (InvalidDataException)
        {
            // It is replaced.
            return false;
        }
    }

    private async Task<bool> CopyAsync(ListedObject listed, CancellationToken cancellationToken)
    {
        try
        {
            await using var stored = await from.OpenReadAsync(listed.Key, cancellationToken);
            if (stored is null)
            {
                return false;
            }
            await using var content = new MeasuredCopy(stored.Content);
            await to.PutAsync(listed.Key, content, stored.ContentType, cancellationToken);
            if (listed.Hash is { } hash && ContentHash.Parse(content.Hash()) != hash)
            {
                await to.DeleteAsync(listed.Key, cancellationToken);
                return false;
            }
            Interlocked.Increment(ref _copied);
            Interlocked.Add(ref _bytes, stored.Length);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
