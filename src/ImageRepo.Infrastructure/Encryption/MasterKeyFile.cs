using System.Text;
using ImageRepo.Infrastructure.ObjectStorage;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>The master key in <c>keys/master.key</c> of the data directory, made on first start. Whoever backs it up keeps it apart from the data.</summary>
internal sealed class MasterKeyFile(DataDirectory directory, ILogger<MasterKeyFile> logger)
{
    private readonly string _path = directory.Combine("keys", "master.key");

    /// <exception cref="SetupException">The file holds no key, or is missing although there are objects that need it.</exception>
    public MasterKey ReadOrCreate()
    {
        if (!File.Exists(_path))
        {
            Create();
        }
        if (PrivateFiles.IsOpenToOthers(_path))
        {
            logger.LogWarning("The master key in {Path} can be read by others than its owner. Run: chmod 600 {Path}", _path, _path);
        }
        return MasterKey.TryParse(File.ReadAllText(_path), out var key, out var problem)
            ? key
            : throw new SetupException($"The master key file {_path} {problem}; it must be the Base64 text of {MasterKey.Length} bytes. Restore it from your backup: without it nothing that is stored can be read.");
    }

    private void Create()
    {
        // A new key beside old objects would hide the loss until somebody opens a picture.
        if (FileSystemObjectStore.HasObjects(directory) && !File.Exists(_path))
        {
            throw new SetupException($"The master key file {_path} is missing, and the objects stored here were encrypted with it. Restore it from your backup, or set {EncryptionOptions.Section}:{nameof(EncryptionOptions.MasterKey)} to the key.");
        }
        var folder = Path.GetDirectoryName(_path)!;
        PrivateFiles.CreateDirectory(folder);
        var staged = $"{_path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = PrivateFiles.CreateFile(staged))
            {
                file.Write(Encoding.ASCII.GetBytes(MasterKey.Generate().ToBase64() + "\n"));
                file.Flush(flushToDisk: true);
            }
            // A link that fails when the name is taken: of several processes that start at once, one's key becomes everyone's.
            File.Move(staged, _path, overwrite: false);
            DirectorySync.Flush(folder);
            logger.LogInformation("Made a new master key in {Path}. Back it up, apart from the data: without it nothing that is stored can be read.", _path);
        }
        catch (IOException) when (File.Exists(_path))
        {
            logger.LogDebug("Another process has made the master key in {Path} first.", _path);
        }
        finally
        {
            File.Delete(staged);
        }
    }
}
