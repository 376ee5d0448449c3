using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>
/// Objects as encrypted files below <c>objects</c> in the data directory. A put writes beside them, in <c>.staging</c> of the same volume,
/// and renames; several processes may share the folder.
/// </summary>
internal sealed class FileSystemObjectStore(DataDirectory directory, MasterKeyRing keys, TimeProvider time, ILogger<FileSystemObjectStore> logger) : IObjectStore
{
    private readonly ObjectFolder _folder = new(directory);

    public static bool HasObjects(DataDirectory directory) => ObjectFolder.FilesBelow(ObjectFolder.RootOf(directory)).Any();

    public async Task PutAsync(ObjectKey key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var target = _folder.PathOf(key);
        var staged = _folder.NewStagedPath();
        await using var source = new SourceStream(content);
        try
        {
            await using (var file = PrivateFiles.CreateFile(staged))
            {
                await EncryptedObjectWriter.WriteAsync(source, file, key, contentType, keys, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            cancellationToken.ThrowIfCancellationRequested();
            _folder.Publish(staged, target);
        }
        catch (Exception failure) when (!source.HasFailed && IsOfDisk(failure))
        {
            ObjectFolder.DeleteStaged(staged);
            throw Unavailable(failure);
        }
        catch
        {
            ObjectFolder.DeleteStaged(staged);
            throw;
        }
    }

    public async Task<StoredObject?> OpenReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var path = _folder.PathOf(key);
        try
        {
            if (ObjectFolder.OpenFile(path) is not { } file)
            {
                _folder.RequirePresent();
                return null;
            }
            try
            {
                var header = await ReadHeaderAsync(file, key, cancellationToken);
                var lastModified = new DateTimeOffset(File.GetLastWriteTimeUtc(file));
                var content = await DecryptingStream.OpenAsync(key, file, header, cancellationToken);
                return new StoredObject(content, content.Length, header.ContentType, header.ETag, lastModified);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            throw Unavailable(failure);
        }
    }

    public Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var path = _folder.PathOf(key);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var file = ObjectFolder.OpenFile(path);
            if (file is null)
            {
                _folder.RequirePresent();
            }
            return Task.FromResult(file is not null);
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            throw Unavailable(failure);
        }
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var path = _folder.PathOf(key);
        cancellationToken.ThrowIfCancellationRequested();
        Delete([path], cancellationToken);
        return Task.CompletedTask;
    }

    public Task DeleteAllAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectPrefix.CheckFolder(prefix);
        Delete(_folder.FilesUnder(prefix).Select(f => f.FullName), cancellationToken);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<StoredObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectPrefix.Check(prefix);
        return List().ToAsyncEnumerable();

        IEnumerable<StoredObjectInfo> List()
        {
            using var files = _folder.FilesUnder(prefix[..(prefix.LastIndexOf('/') + 1)]).GetEnumerator();
            while (Next(files))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var file = files.Current;
                // Exists: what was deleted since the folder was read has no time.
                if (_folder.KeyOf(file) is { } key && key.Value.StartsWith(prefix, StringComparison.Ordinal) && file.Exists)
                {
                    yield return new StoredObjectInfo(key, new DateTimeOffset(file.LastWriteTimeUtc));
                }
            }
        }

        bool Next(IEnumerator<FileInfo> files)
        {
            try
            {
                if (files.MoveNext())
                {
                    return true;
                }
                _folder.RequirePresent();
                return false;
            }
            catch (Exception failure) when (IsOfDisk(failure))
            {
                throw Unavailable(failure);
            }
        }
    }

    /// <summary>Removes what puts have left that ended with their process. A day: no put takes as long, on this node or on another.</summary>
    public void RemoveAbandonedStaging() => _folder.RemoveStagedBefore(time.GetUtcNow().UtcDateTime.AddDays(-1));

    /// <summary>Refuses a master key that is not the one of the objects here. Looks at a few: a damaged one must not stop the product.</summary>
    /// <exception cref="SetupException">None of them can be opened.</exception>
    public void CheckMasterKey()
    {
        var some = _folder.FilesUnder("").Take(8).Select(f => f.FullName).ToList();
        if (some.Count > 0 && !some.Exists(IsUnderKnownKey))
        {
            throw new SetupException(
                $"The objects in {_folder.Root} were encrypted with another master key than {keys.Current}. Set {EncryptionOptions.Section}:{nameof(EncryptionOptions.MasterKey)} to the one they were encrypted with, or restore keys/master.key in the data directory from your backup.");
        }
    }

    private async Task<ObjectHeader> ReadHeaderAsync(SafeFileHandle file, ObjectKey key, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var start = new byte[ObjectHeader.MaxLength];
            var read = await RandomAccess.ReadAsync(file, start, 0, cancellationToken);
            try
            {
                return ObjectHeader.Parse(start.AsSpan(0, read), key, keys);
            }
            catch (InvalidDataException) when (attempt == 1)
            {
                // Read in the very moment in which a new master key was put over the old one; a header that is damaged is so the second time too.
                await Task.Delay(10, cancellationToken);
            }
        }
    }

    private bool IsUnderKnownKey(string path)
    {
        using var file = ObjectFolder.OpenFile(path);
        var start = new byte[ObjectHeader.MaxLength];
        return file is null || keys.Knows(ObjectHeader.Box(start.AsSpan(0, RandomAccess.Read(file, start, 0))));
    }

    private void Delete(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        try
        {
            _folder.RequirePresent();
            foreach (var path in paths)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _folder.DeleteFile(path);
            }
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            throw Unavailable(failure);
        }
    }

    private static bool IsOfDisk(Exception failure) => failure is IOException or UnauthorizedAccessException;

    private StorageUnavailableException Unavailable(Exception failure)
    {
        logger.LogError(failure, "The object store in {Folder} failed: {Problem}", _folder.Root, failure.Message);
        return new StorageUnavailableException(failure);
    }
}
