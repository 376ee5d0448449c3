namespace ImageRepo.Domain.Storage;

/// <summary>
/// Keeps encrypted objects. Not found is null; where the store fails, every method throws <see cref="StorageUnavailableException"/>,
/// and so does reading what was opened.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Stores the stream's rest under the key, replacing what was there. All or nothing: until this returns the key shows
    /// what it showed before, and a failed or cancelled put leaves nothing. The caller disposes the stream.
    /// Plaintext never touches a disk.
    /// </summary>
    Task PutAsync(ObjectKey key, Stream content, string contentType, CancellationToken cancellationToken);

    /// <summary>
    /// Opens an object for reading; null when there is none. The content is seekable and decrypts as it is read; the caller disposes it.
    /// Reading throws <see cref="InvalidDataException"/> where the object was tampered with.
    /// </summary>
    Task<StoredObject?> OpenReadAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Whether there is such an object, for one that is there at less than the cost of opening it; whether it can be read is not looked at.</summary>
    Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Deletes an object; fine when there is none.</summary>
    Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Deletes every object of a folder such as <c>renditions/{owner}/{image}/</c>; fine when there is none.</summary>
    Task DeleteAllAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Every object whose key starts with the prefix, in no order.</summary>
    IAsyncEnumerable<StoredObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken);
}

/// <param name="Length">Bytes of the plaintext.</param>
/// <param name="ETag">Changes with the content; without quotes.</param>
public sealed record StoredObject(Stream Content, long Length, string ContentType, string ETag, DateTimeOffset LastModified) : IAsyncDisposable, IDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();

    public void Dispose() => Content.Dispose();
}

public sealed record StoredObjectInfo(ObjectKey Key, DateTimeOffset LastModified);
