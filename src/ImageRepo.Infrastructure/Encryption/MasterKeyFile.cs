using System.Text;
using ImageRepo.Infrastructure.ObjectStorage.FileSystem;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>
/// The master key in <c>keys/master.key</c> of the data directory, made on first start, and those before it in <c>keys/retired</c>.
/// Whoever backs them up keeps them apart from the data.
/// </summary>
internal sealed class MasterKeyFile(DataDirectory directory, ILogger<MasterKeyFile> logger)
{
    private readonly string _path = directory.Combine("keys", "master.key");
    private readonly string _next = directory.Combine("keys", "next.key");
    private readonly string _retired = directory.Combine("keys", "retired");

    /// <summary>A rotation has begun and is not done.</summary>
    private readonly string _rotating = directory.Combine("keys", "rotating");

    /// <exception cref="SetupException">A file holds no key, or is missing although there are objects that need it.</exception>
    public MasterKeys ReadOrCreate()
    {
        if (!File.Exists(_path))
        {
            Create();
        }
        if (PrivateFiles.IsOpenToOthers(_path))
        {
            logger.LogWarning("The master key in {Path} can be read by others than its owner. Run: chmod 600 {Path}", _path, _path);
        }
        return Read();
    }

    /// <summary>A key that is about to be taken into use opens already.</summary>
    /// <exception cref="SetupException">A file holds no key.</exception>
    public MasterKeys Read()
    {
        var current = ReadKey(_path);
        List<string> others = Directory.Exists(_retired) ? [.. Directory.EnumerateFiles(_retired, "*.key")] : [];
        return new MasterKeys(current, [.. others.Append(_next).Where(File.Exists).Select(ReadKey)]);
    }

    /// <summary>
    /// Makes the key that is to follow, which opens from now on and seals nothing yet. A rotation that was interrupted goes on where it was:
    /// no further key is made.
    /// </summary>
    /// <returns>False when the present key is the new one already.</returns>
    public bool PrepareNext()
    {
        if (File.Exists(_rotating) && !File.Exists(_next))
        {
            return false;
        }
        Write(_next, MasterKey.Generate());
        WriteFile(_rotating, "A rotation of the master key is under way: 'rotate-key' goes on with it.\n");
        return true;
    }

    /// <summary>Takes the next key into use and retires the present one. At every moment each key that has sealed anything is in some file.</summary>
    public void UseNext()
    {
        var present = ReadKey(_path);
        PrivateFiles.CreateDirectory(_retired);
        Write(Path.Combine(_retired, $"{present}.key"), present);
        File.Move(_next, _path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(_path)!);
    }

    /// <summary>All is sealed by the new key. What killed calls have left half made goes too.</summary>
    public void EndRotation()
    {
        // By the name itself: as a search pattern, "*.key.*" means "x.key" too.
        foreach (var staged in Directory.EnumerateFiles(Path.GetDirectoryName(_path)!, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f).Contains(".key.", StringComparison.Ordinal)))
        {
            File.Delete(staged);
        }
        File.Delete(_rotating);
    }

    private static MasterKey ReadKey(string path) => MasterKey.TryParse(File.ReadAllText(path), out var key, out var problem)
        ? key
        : throw new SetupException($"The master key file {path} {problem}; it must be the Base64 text of {MasterKey.Length} bytes. Restore it from your backup: without it nothing that is stored can be read.");

    private void Create()
    {
        // A new key beside old objects would hide the loss until somebody opens a picture.
        if (FileSystemObjectStore.HasObjects(directory) && !File.Exists(_path))
        {
            throw new SetupException($"The master key file {_path} is missing, and the objects stored here were encrypted with it. Restore it from your backup, or set {EncryptionOptions.Section}:{nameof(EncryptionOptions.MasterKey)} to the key.");
        }
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(_path)!);
        if (Write(_path, MasterKey.Generate()))
        {
            logger.LogInformation("Made a new master key in {Path}. Back it up, apart from the data: without it nothing that is stored can be read.", _path);
        }
        else
        {
            logger.LogDebug("Another process has made the master key in {Path} first.", _path);
        }
    }

    /// <summary>False when there is such a file: of several processes that start at once, one's key becomes everyone's.</summary>
    private static bool Write(string path, MasterKey key) => WriteFile(path, key.ToBase64() + "\n");

    private static bool WriteFile(string path, string content)
    {
        var staged = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = PrivateFiles.CreateFile(staged))
            {
                file.Write(Encoding.ASCII.GetBytes(content));
                file.Flush(flushToDisk: true);
            }
            if (!PrivateFiles.TryPublish(staged, path))
            {
                return false;
            }
            DirectorySync.Flush(Path.GetDirectoryName(path)!);
            return true;
        }
        finally
        {
            File.Delete(staged);
        }
    }
}
