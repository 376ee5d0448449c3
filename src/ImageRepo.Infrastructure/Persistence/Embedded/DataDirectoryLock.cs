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
        string lockFile = Path.Combine(dataDirectory, "imagerepo.lock");
        string pidFile = Path.Combine(dataDirectory, "imagerepo.pid");
        long giveUp = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            try
            {
                PrivateFiles.CreateDirectory(dataDirectory);
                return new DataDirectoryLock(new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), pidFile);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new EmbeddedPostgresException($"{Environment.UserName} may not write to the data folder {dataDirectory}: start the app as the folder's owner or set DataDirectory to another.", e);
            }
            catch (IOException e) when (e.HResult == InUse)
            {
                if (Environment.TickCount64 >= giveUp)
                {
                    throw new EmbeddedPostgresException($"The data folder {dataDirectory} is in use by {Holder(pidFile)}: stop that one or set DataDirectory to another.", e);
                }
            }
            await Task.Delay(100, cancellationToken);
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

    private static string Holder(string pidFile)
    {
        try
        {
            return $"process {File.ReadAllText(pidFile)}";
        }
        catch (IOException)
        {
            // The holder has the lock and has not written its number yet, or is just leaving.
            return "another process";
        }
    }
}
