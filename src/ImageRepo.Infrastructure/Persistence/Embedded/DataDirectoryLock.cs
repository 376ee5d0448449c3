using System.Globalization;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>
/// One app a data directory. An operating system's lock, so it ends with the process however that dies; the process id lies
/// beside it in a file of its own, since a locked file cannot be read.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    // .NET hands on the errno of flock: EAGAIN is 11 on Linux and 35 on macOS; Windows says ERROR_SHARING_VIOLATION.
    private static readonly int InUse = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11;

    private readonly FileStream _file;
    private readonly string _pidFile;

    private DataDirectoryLock(FileStream file, string pidFile)
    {
        _file = file;
        _pidFile = pidFile;
        File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    public static async Task<DataDirectoryLock> TakeAsync(string dataDirectory, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long giveUp = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            try
            {
                PrivateFiles.CreateDirectory(dataDirectory);
                return new DataDirectoryLock(new FileStream(LockFile(dataDirectory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), PidFile(dataDirectory));
            }
            catch (UnauthorizedAccessException e)
            {
                throw NotAllowed(dataDirectory, e);
            }
            catch (IOException e) when (e.HResult == InUse)
            {
                if (Environment.TickCount64 >= giveUp)
                {
                    throw new EmbeddedPostgresException($"The data folder {dataDirectory} is in use by {Holder(dataDirectory)}: stop that one or set DataDirectory to another.", e);
                }
            }
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Whether an app uses the folder. Looks by taking the lock for a moment; an app that starts just then tries again.</summary>
    public static bool IsHeld(string dataDirectory)
    {
        try
        {
            using var file = new FileStream(LockFile(dataDirectory), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotAllowed(dataDirectory, e);
        }
        catch (IOException e) when (e.HResult == InUse)
        {
            return true;
        }
    }

    /// <summary>Who has the lock, in words.</summary>
    public static string Holder(string dataDirectory)
    {
        try
        {
            return $"process {File.ReadAllText(PidFile(dataDirectory))}";
        }
        catch (IOException)
        {
            // The holder has the lock and has not written its number yet, or is just leaving.
            return "another process";
        }
    }

    public void Dispose()
    {
        if (File.Exists(_pidFile))
        {
            File.Delete(_pidFile);
        }
        _file.Dispose();
    }

    private static string LockFile(string dataDirectory) => Path.Combine(dataDirectory, "imagerepo.lock");

    private static string PidFile(string dataDirectory) => Path.Combine(dataDirectory, "imagerepo.pid");

    private static EmbeddedPostgresException NotAllowed(string dataDirectory, UnauthorizedAccessException e) =>
        new($"{Environment.UserName} may not write to the data folder {dataDirectory}: start the app as the folder's owner or set DataDirectory to another.", e);
}
