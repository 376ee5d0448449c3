using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage.FileSystem;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>A data directory of its own for a test, gone after it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("imagerepo-test-").FullName;

    public DataDirectory Data => new(Path);

    public string Combine(params string[] segments) => System.IO.Path.Combine([Path, .. segments]);

    public FileSystemObjectStore OpenStore(MasterKey key, TimeProvider? time = null) => new(Data, new MasterKeyRing(key), time ?? TimeProvider.System, NullLogger<FileSystemObjectStore>.Instance);

    /// <summary>Every file, staging and keys included.</summary>
    public string[] Files(string below = "") => Directory.Exists(Combine(below))
        ? Directory.GetFiles(Combine(below), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        : [];

    public static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
