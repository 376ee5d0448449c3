using ImageRepo.Infrastructure.Encryption;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>The data keys in the headers of the encrypted files.</summary>
internal sealed class ObjectSecrets(DataDirectory directory, MasterKeyRing keys) : ISealedSecrets
{
    public string Name => "objects";

    public async Task<long> ResealAsync(CancellationToken cancellationToken)
    {
        var folder = new ObjectFolder(directory);
        var resealed = 0L;
        List<string> unreadable = [];
        foreach (var file in folder.FilesUnder(""))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (folder.KeyOf(file) is not { } key)
            {
                continue;
            }
            try
            {
                resealed += await ResealAsync(file.FullName, key, cancellationToken) ? 1 : 0;
            }
            catch (InvalidDataException)
            {
                // The others are to be sealed anew all the same; this one is told at the end.
                unreadable.Add(key.Value);
            }
        }
        return unreadable is [] ? resealed : throw new InvalidDataException(
            $"{unreadable.Count} objects can't be opened with any master key that is here, among them {string.Join(", ", unreadable.Take(5))}. The others are sealed anew.");
    }

    /// <summary>
    /// Writes the new box over the old one, which is as long. Both lie within the first 512 bytes, which a disk writes whole or not at all;
    /// what is open, or replaced in this moment, is not disturbed.
    /// </summary>
    private async Task<bool> ResealAsync(string path, Domain.Storage.ObjectKey key, CancellationToken cancellationToken)
    {
        if (ObjectFolder.OpenFile(path, FileAccess.ReadWrite) is not { } file)
        {
            return false; // deleted since the folder was read
        }
        using (file)
        {
            var start = new byte[ObjectHeader.MaxLength];
            var read = await RandomAccess.ReadAsync(file, start, 0, cancellationToken);
            if (ObjectHeader.Reseal(start.AsSpan(0, read), key, keys) is not { } box)
            {
                return false;
            }
            var lastModified = File.GetLastWriteTimeUtc(file);
            RandomAccess.Write(file, box, ObjectHeader.BoxOffset);
            File.SetLastWriteTimeUtc(file, lastModified);
            RandomAccess.FlushToDisk(file);
            return true;
        }
    }
}
