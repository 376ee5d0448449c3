using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ImageRepo.Infrastructure;

/// <summary>Files and folders that only the user who runs the product can open. Windows has no modes: there the parent's list of rights is inherited.</summary>
internal static partial class PrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private const int NotPermitted = 1;
    private const int NameTaken = 17;
    private const int NotSupportedOnMac = 45;
    private const int NotSupportedOnLinux = 95;

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerDirectory);
        }
    }

    /// <summary>Makes a file that must not be there yet. Unbuffered: whoever writes brings whole blocks.</summary>
    public static FileStream CreateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }
        return new FileStream(path, options);
    }

    /// <summary>
    /// Lets a finished file appear under its name, unless the name is taken: false then. A link, since <see cref="File.Move(string, string)"/>
    /// looks first and renames afterwards, so that of two at the same time both succeed. The caller deletes <paramref name="staged"/>.
    /// </summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static bool TryPublish(string staged, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(staged, path) == 0)
            {
                return true;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case NameTaken: return false;
                case NotPermitted or NotSupportedOnLinux or NotSupportedOnMac: break; // a volume without links
                case var error: throw new IOException($"Could not name the file {path}: {new Win32Exception(error).Message}");
            }
        }
        try
        {
            File.Move(staged, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>Whether anyone but the file's user can open it.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerDirectory) != 0;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);
}
