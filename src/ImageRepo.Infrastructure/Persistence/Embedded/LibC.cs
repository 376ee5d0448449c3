using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>The system calls that .NET has no face for.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class LibC
{
    public const int SigInt = 2;
    public const int SigQuit = 3;

    public static void ChangeOwner(string path, ServerAccount account)
    {
        if (ChOwn(path, account.UserId, account.GroupId) != 0)
        {
            throw new EmbeddedPostgresException($"{path} could not be given to the user {account.Name} (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    /// <summary>Sends a signal; a process that is gone by now is no error.</summary>
    public static void Signal(int processId, int signal) => _ = Kill(processId, signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChOwn(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
