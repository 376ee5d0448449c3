using System.Diagnostics;
using System.Globalization;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>postmaster.pid: PostgreSQL's note of the server that runs on a cluster. It stays behind after a crash.</summary>
internal sealed class PostmasterFile
{
    private readonly string _path;
    private readonly string _content;

    private PostmasterFile(string path, string content)
    {
        _path = path;
        _content = content;
        ProcessId = int.Parse(content.AsSpan(0, content.IndexOf('\n')), CultureInfo.InvariantCulture);
    }

    public int ProcessId { get; }

    /// <summary>The server accepts connections.</summary>
    public bool IsReady => Line(7)?.TrimEnd() == "ready";

    /// <summary>The folder of its socket, or on Windows nothing; null as long as it hasn't written it.</summary>
    public string? SocketFolder => Line(4);

    public int? Port => int.TryParse(Line(3), CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>Null when there is none, or none with a process number in it yet.</summary>
    public static PostmasterFile? Read(string cluster)
    {
        string path = Path.Combine(cluster, "postmaster.pid");
        try
        {
            string content = File.ReadAllText(path);
            return content.Contains('\n') ? new PostmasterFile(path, content) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether a PostgreSQL server with this number runs, on Linux: one that stands in this very folder.</summary>
    public bool IsRunning()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // Seen through the process's own folder, so that neither symbolic links nor reused numbers mislead.
                return File.ReadAllText($"/proc/{ProcessId}/cwd/postmaster.pid") == _content;
            }
            using var process = Process.GetProcessById(ProcessId);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // Gone, or another user's, who has no server in our folder.
            return false;
        }
    }

    private string? Line(int index) => _content.Split('\n').ElementAtOrDefault(index);

    public void RemoveIfNumberWasReused()
    {
        try
        {
            using var other = Process.GetProcessById(ProcessId);
            File.Delete(_path);
        }
        catch (ArgumentException)
        {
            // No such process: PostgreSQL itself sees that, and looks for leftover children besides.
        }
    }

    /// <summary>
    /// A server of ours whose app and watchdog were both killed would stay for ever; one that somebody started by hand is theirs.
    /// </summary>
    public void AskToEndIfOurs()
    {
        string options = Path.Combine(Path.GetDirectoryName(_path)!, "postmaster.opts");
        if (!OperatingSystem.IsWindows() && File.Exists(options) && File.ReadAllText(options).Contains(EmbeddedPostgres.Marker, StringComparison.Ordinal))
        {
            LibC.Signal(ProcessId, LibC.SigInt);
        }
    }
}
