using System.Text.Json;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage.FileSystem;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Backups;

/// <summary>
/// The folder of a backup: a store of encrypted files, whatever the product's own store is. Its objects lie there under their own keys, and
/// beside them, as objects too, the tables and the manifest. docs/backup-format.md writes it down.
/// </summary>
internal sealed class BackupFolder
{
    private const string Marker = "imagerepo-backup";
    private const string BackupsPrefix = "backups/";
    private const string ContentType = "text/plain";

    private static readonly ObjectKey ManifestKey = ObjectKey.Parse(BackupsPrefix + "manifest");

    private readonly string _path;
    private readonly MasterKeyRing _keys;

    private BackupFolder(string path, MasterKeyRing keys, TimeProvider time, ILoggerFactory logging)
    {
        (_path, _keys) = (path, keys);
        Store = new FileSystemObjectStore(new DataDirectory(path), keys, time, logging.CreateLogger<FileSystemObjectStore>());
    }

    public IObjectStore Store { get; }

    /// <summary>One to write to: empty, or with an earlier backup of this installation.</summary>
    /// <exception cref="BackupException">It is neither, or lies within the product's own data folder.</exception>
    public static BackupFolder Prepare(string path, DataDirectory data, MasterKeyRing keys, TimeProvider time, ILoggerFactory logging)
    {
        path = Path.GetFullPath(path);
        if (IsWithin(path, data.Path) || IsWithin(data.Path, path))
        {
            throw new BackupException($"{path} and the data folder {data.Path} lie within each other: choose another folder, on another disk if possible.");
        }
        var marker = Path.Combine(path, Marker);
        try
        {
            PrivateFiles.CreateDirectory(path);
            // What no image of this installation has is removed from the folder in the end: it must be ours alone.
            if (!File.Exists(marker) && Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new BackupException($"{path} is neither empty nor a backup of ImageRepo: choose another folder.");
            }
            File.WriteAllText(marker, "A backup of ImageRepo. 'imagerepo restore' reads it, given the master key, which is not in here.\n");
            return new BackupFolder(path, keys, time, logging);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The backup can't be written to {path}: {failure.Message}", failure);
        }
    }

    /// <summary>One to read from; nothing in it is changed.</summary>
    /// <exception cref="BackupException">It holds no backup.</exception>
    public static BackupFolder Open(string path, MasterKeyRing keys, TimeProvider time, ILoggerFactory logging)
    {
        path = Path.GetFullPath(path);
        return File.Exists(Path.Combine(path, Marker)) && Directory.Exists(ObjectFolder.RootOf(new DataDirectory(path)))
            ? new BackupFolder(path, keys, time, logging)
            : throw new BackupException($"{path} holds no backup of ImageRepo.");
    }

    public static ObjectKey KeyOfTable(Guid backup, string table) => KeyOf(backup, "tables/" + table.Replace('_', '-').ToLowerInvariant());

    public static ObjectKey KeyOfObjectList(Guid backup) => KeyOf(backup, "objects");

    /// <summary>Null when no backup into this folder was ever finished.</summary>
    /// <exception cref="BackupException">It can't be opened with the master key that is here.</exception>
    public async Task<BackupManifest?> ReadManifestAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var stored = await Store.OpenReadAsync(ManifestKey, cancellationToken);
            return stored is null ? null : await JsonSerializer.DeserializeAsync<BackupManifest>(stored.Content, cancellationToken: cancellationToken);
        }
        catch (InvalidDataException failure)
        {
            throw new BackupException(
                $"The backup in {_path} can't be opened. {failure.Message} Put the master key that was in use when it was made into keys/master.key of the data folder, or set Encryption:MasterKey (or Encryption:RetiredMasterKeys) to it.", failure);
        }
    }

    public Task WriteTextAsync(ObjectKey key, Stream text, CancellationToken cancellationToken) => Store.PutAsync(key, text, ContentType, cancellationToken);

    /// <summary>From now on this is the backup; the one before it is none any more.</summary>
    public async Task CompleteAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest));
        await WriteTextAsync(ManifestKey, json, cancellationToken);
    }

    /// <summary>Removes what earlier backups needed, finished or not, and this one does not.</summary>
    public async Task RemoveAllButAsync(BackupManifest manifest, Func<ObjectKey, bool> isOfBackup, CancellationToken cancellationToken)
    {
        var own = KeyOf(manifest.Id, "");
        await foreach (var found in Store.ListAsync("", cancellationToken))
        {
            var isNeeded = found.Key.Value.StartsWith(BackupsPrefix, StringComparison.Ordinal)
                ? found.Key == ManifestKey || found.Key.Value.StartsWith(own.Value, StringComparison.Ordinal)
                : isOfBackup(found.Key);
            if (!isNeeded)
            {
                await Store.DeleteAsync(found.Key, cancellationToken);
            }
        }
    }

    /// <summary>Brings what lies here from before a change of the master key under the present one, so that this one is enough to restore.</summary>
    public Task ResealAsync(CancellationToken cancellationToken) => new ObjectSecrets(new DataDirectory(_path), _keys).ResealAsync(cancellationToken);

    private static ObjectKey KeyOf(Guid backup, string name) => ObjectKey.Parse($"{BackupsPrefix}{backup:N}{(name == "" ? "" : "/")}{name}");

    private static bool IsWithin(string path, string folder) => Path.GetRelativePath(folder, path) is var relative
        && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !Path.IsPathRooted(relative);
}
