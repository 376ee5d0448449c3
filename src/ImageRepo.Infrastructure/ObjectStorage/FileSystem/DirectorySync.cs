using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>Makes what was renamed into a folder survive a power cut. .NET opens no folders, hence the calls to libc; Windows needs none of it.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;
    private const int NoSuchEntry = 2;

    // O_CLOEXEC, so that a child process that starts meanwhile does not inherit the folder.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var descriptor = Open(directory, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            // Gone again: somebody deleted what was just written, and with it its folder.
            if (Marshal.GetLastPInvokeError() == NoSuchEntry)
            {
                return;
            }
            throw Failure("open", directory);
        }
        try
        {
            if (Sync(descriptor) < 0)
            {
                throw Failure("sync", directory);
            }
        }
        finally
        {
            Close(descriptor);
        }
    }

    private static IOException Failure(string act, string directory) =>
        new($"Could not {act} the folder {directory}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
