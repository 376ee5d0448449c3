using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using Microsoft.Win32.SafeHandles;

namespace ImageRepo.Infrastructure.ObjectStorage;

/// <summary>
/// Objects as encrypted files below <c>objects</c> in the data directory. A put writes beside them, in <c>.staging</c> of the same volume,
/// and renames; several processes may share the folder.
/// </summary>
internal sealed class FileSystemObjectStore : IObjectStore
{
    // No key holds a dot: an object's file never meets the folder of a longer key, nor a key the staging folder.
    private const string Folder = "objects";
    private const string StagingFolder = ".staging";
    private const string ObjectExtension = ".object";

    private static readonly EnumerationOptions AllObjects = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };

    private readonly string _root;
    private readonly string _staging;
    private readonly MasterKeyRing _keys;
    private readonly TimeProvider _time;

    public FileSystemObjectStore(DataDirectory directory, MasterKeyRing keys, TimeProvider time)
    {
        (_keys, _time) = (keys, time);
        _root = directory.Combine(Folder);
        _staging = Path.Combine(_root, StagingFolder);
        PrivateFiles.CreateDirectory(_root);
        PrivateFiles.CreateDirectory(_staging);
    }

    public static bool HasObjects(DataDirectory directory) => FilesBelow(directory.Combine(Folder)).Any();

    public async Task PutAsync(ObjectKey key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var target = PathOf(key);
        var staged = Path.Combine(_staging, Guid.NewGuid().ToString("N"));
        try
        {
            await using (var file = PrivateFiles.CreateFile(staged))
            {
                await EncryptedObjectWriter.WriteAsync(content, file, key, contentType, _keys, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            cancellationToken.ThrowIfCancellationRequested();
            Publish(staged, target);
        }
        catch
        {
            File.Delete(staged);
            throw;
        }
    }

    public async Task<StoredObject?> OpenReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (OpenFile(PathOf(key)) is not { } file)
        {
            return null;
        }
        try
        {
            var start = new byte[ObjectHeader.MaxLength];
            var read = await RandomAccess.ReadAsync(file, start, 0, cancellationToken);
            var header = ObjectHeader.Parse(start.AsSpan(0, read), key, _keys);
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

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DeleteFile(PathOf(key));
        return Task.CompletedTask;
    }

    public Task DeleteAllAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectPrefix.CheckFolder(prefix);
        foreach (var file in FilesBelow(Path.Combine(_root, prefix)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            DeleteFile(file.FullName);
        }
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<StoredObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectPrefix.Check(prefix);
        return List().ToAsyncEnumerable();

        IEnumerable<StoredObjectInfo> List()
        {
            foreach (var file in FilesBelow(Path.Combine(_root, prefix[..(prefix.LastIndexOf('/') + 1)])))
            {
                cancellationToken.ThrowIfCancellationRequested();
                // Exists: what was deleted since the folder was read has no time.
                if (KeyOf(file) is { } key && key.Value.StartsWith(prefix, StringComparison.Ordinal) && file.Exists)
                {
                    yield return new StoredObjectInfo(key, new DateTimeOffset(file.LastWriteTimeUtc));
                }
            }
        }
    }

    /// <summary>Removes what puts have left that ended with their process. A day: no put takes as long, on this node or on another.</summary>
    public void RemoveAbandonedStaging()
    {
        var limit = _time.GetUtcNow().UtcDateTime.AddDays(-1);
        foreach (var file in new DirectoryInfo(_staging).EnumerateFiles().Where(f => f.LastWriteTimeUtc < limit))
        {
            file.Delete();
        }
    }

    /// <summary>Refuses a master key that is not the one of the objects here. Looks at a few: a damaged one must not stop the product.</summary>
    /// <exception cref="SetupException">None of them can be opened.</exception>
    public void CheckMasterKey()
    {
        var some = FilesBelow(_root).Take(8).Select(f => f.FullName).ToList();
        if (some.Count > 0 && !some.Exists(IsUnderKnownKey))
        {
            throw new SetupException(
                $"The objects in {_root} were encrypted with another master key than {_keys.Current}. Set {EncryptionOptions.Section}:{nameof(EncryptionOptions.MasterKey)} to the one they were encrypted with, or restore keys/master.key in the data directory from your backup.");
        }
    }

    private bool IsUnderKnownKey(string path)
    {
        using var file = OpenFile(path);
        var start = new byte[ObjectHeader.MaxLength];
        return file is null || _keys.Knows(ObjectHeader.Box(start.AsSpan(0, RandomAccess.Read(file, start, 0))));
    }

    private static IEnumerable<FileInfo> FilesBelow(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*" + ObjectExtension, AllObjects);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static SafeFileHandle? OpenFile(string path)
    {
        try
        {
            // Sharing all: a put may replace the file and a delete remove it while it is read; the reader keeps what it has opened.
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private ObjectKey? KeyOf(FileInfo file)
    {
        try
        {
            return ObjectKey.Parse(Path.GetRelativePath(_root, file.FullName)[..^ObjectExtension.Length].Replace(Path.DirectorySeparatorChar, '/'));
        }
        catch (FormatException)
        {
            // Somebody has laid a file of his own here ("320 (copy).object"): no put made it, no key reaches it.
            return null;
        }
    }

    private string PathOf(ObjectKey key) =>
        key.Value is { } value ? Path.Combine(_root, value + ObjectExtension) : throw new ArgumentException("The key names no object.", nameof(key));

    private void Publish(string staged, string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                CreateFolder(folder);
                File.Move(staged, target, overwrite: true);
                break;
            }
            catch (IOException e) when (e is DirectoryNotFoundException or FileNotFoundException && attempt < 10 && File.Exists(staged))
            {
                // A delete has emptied the folder and removed it between these two lines.
            }
        }
        DirectorySync.Flush(folder);
    }

    private static void CreateFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            var parent = Path.GetDirectoryName(folder)!;
            CreateFolder(parent);
            PrivateFiles.CreateDirectory(folder);
            DirectorySync.Flush(parent);
        }
    }

    private void DeleteFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }
        for (var folder = Path.GetDirectoryName(path)!; folder != _root; folder = Path.GetDirectoryName(folder)!)
        {
            try
            {
                if (Directory.EnumerateFileSystemEntries(folder).Any())
                {
                    return;
                }
                Directory.Delete(folder);
            }
            catch (DirectoryNotFoundException)
            {
                // Another delete has removed it; its parent may be ours to remove.
            }
            catch (IOException)
            {
                // A put has just used it again. The object is gone either way; the folder is only tidied away.
                return;
            }
        }
    }
}
