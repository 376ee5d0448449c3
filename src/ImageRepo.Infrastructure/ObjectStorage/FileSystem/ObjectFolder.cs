using ImageRepo.Domain.Storage;
using Microsoft.Win32.SafeHandles;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>Where the files of objects lie, and how they come and go.</summary>
internal sealed class ObjectFolder
{
    // No key holds a dot: an object's file never meets the folder of a longer key, nor a key the staging folder.
    private const string StagingFolder = ".staging";
    private const string ObjectExtension = ".object";

    private static readonly EnumerationOptions AllObjects = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };

    private readonly string _staging;

    public ObjectFolder(DataDirectory directory)
    {
        Root = RootOf(directory);
        _staging = Path.Combine(Root, StagingFolder);
        PrivateFiles.CreateDirectory(Root);
        PrivateFiles.CreateDirectory(_staging);
    }

    public string Root { get; }

    /// <summary>Tells a store in which something is not from a volume that is not mounted, in which nothing is.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder that every store has from its start is gone.</exception>
    public void RequirePresent()
    {
        if (!Directory.Exists(_staging))
        {
            throw new DirectoryNotFoundException($"The folder {_staging} is gone: the volume of the objects is away.");
        }
    }

    public static string RootOf(DataDirectory directory) => directory.Combine("objects");

    public string PathOf(ObjectKey key) =>
        key.Value is { } value ? Path.Combine(Root, value + ObjectExtension) : throw new ArgumentException("The key names no object.", nameof(key));

    public ObjectKey? KeyOf(FileInfo file)
    {
        try
        {
            return ObjectKey.Parse(Path.GetRelativePath(Root, file.FullName)[..^ObjectExtension.Length].Replace(Path.DirectorySeparatorChar, '/'));
        }
        catch (FormatException)
        {
            // Somebody has laid a file of his own here ("320 (copy).object"): no put made it, no key reaches it.
            return null;
        }
    }

    public IEnumerable<FileInfo> FilesUnder(string folder) => FilesBelow(Path.Combine(Root, folder));

    public static IEnumerable<FileInfo> FilesBelow(string folder)
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

    /// <summary>Null when there is no such file.</summary>
    public static SafeFileHandle? OpenFile(string path, FileAccess access = FileAccess.Read)
    {
        try
        {
            // Sharing all: a put may replace the file and a delete remove it while it is read; the reader keeps what it has opened.
            return File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public string NewStagedPath() => Path.Combine(_staging, Guid.NewGuid().ToString("N"));

    public static void DeleteStaged(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // The staging folder itself is away, and what was in it.
        }
    }

    public void RemoveStagedBefore(DateTime limit)
    {
        foreach (var file in new DirectoryInfo(_staging).EnumerateFiles().Where(f => f.LastWriteTimeUtc < limit))
        {
            file.Delete();
        }
    }

    /// <summary>Shows a staged file under its name, for good: also after a power cut.</summary>
    public void Publish(string staged, string target)
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

    /// <summary>Deletes the file, if it is there, and the folders that it leaves empty.</summary>
    public void DeleteFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }
        for (var folder = Path.GetDirectoryName(path)!; folder != Root; folder = Path.GetDirectoryName(folder)!)
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

    private void CreateFolder(string folder)
    {
        if (folder == Root)
        {
            // Not made anew: it would stand where a volume that went away in the middle of a put is to come back.
            RequirePresent();
        }
        else if (!Directory.Exists(folder))
        {
            var parent = Path.GetDirectoryName(folder)!;
            CreateFolder(parent);
            PrivateFiles.CreateDirectory(folder);
            DirectorySync.Flush(parent);
        }
    }
}
