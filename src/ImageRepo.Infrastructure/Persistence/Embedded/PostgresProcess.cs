using System.Diagnostics;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>
/// A PostgreSQL program as the app's child. It ends when the app ends, also by kill -9: a shell between the two holds the other end of the
/// app's pipe and interrupts the program when the pipe closes. (A parent-death signal would follow the starting thread, not the process.)
/// </summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    /// <summary>The folder's name for a server below a folder that only root can enter: root opens it, the server inherits it.</summary>
    private const string HeldFolder = "/proc/self/fd/3";

    // A session of its own: Ctrl+C in the terminal reaches the app alone, which then ends the server in its turn.
    private const string OwnSession = """command -v setsid >/dev/null && exec setsid "$@"; exec "$@" """;

    // $1: the program's folder, held as descriptor 3; $2, $3: folders to remove at the end (or empty). SIGINT is a fast shutdown.
    private const string Watchdog = """
        trap "" INT TERM HUP
        exec 3<"$1" 4<&0 >&2
        remove=$2 and=$3
        shift 3
        "$@" </dev/null 4<&- & program=$!
        { cat >/dev/null; kill -INT "$program"; } <&4 3<&- >/dev/null 2>&1 & watch=$!
        exec </dev/null 3<&- 4<&-
        wait "$program"; code=$?
        kill -KILL "$watch" 2>/dev/null
        rm -rf -- "$remove" "$and"
        exit "$code"
        """;

    // Each statement's plan is made in memory that is free again at its end. By itself the C library gives it back to the system every time, and fetching it anew,
    // page by page, can take longer than the statement (docs/performance.md). Bytes; other C libraries than glibc don't read these.
    private static readonly (string Name, string Bytes)[] KeptMemory =
        [("MALLOC_MMAP_THRESHOLD_", "4194304"), ("MALLOC_TRIM_THRESHOLD_", "16777216"), ("MALLOC_TOP_PAD_", "1048576")];

    private readonly Process _process;
    private readonly WindowsJob? _job;
    private readonly IReadOnlyList<string> _windowsStop;
    private readonly TimeSpan _stopTimeout;

    private PostgresProcess(Process process, WindowsJob? job, IReadOnlyList<string> windowsStop, TimeSpan stopTimeout)
    {
        (_process, _job, _windowsStop, _stopTimeout) = (process, job, windowsStop, stopTimeout);
        Exited = ExitAsync();
    }

    /// <summary>The program's exit code, after its last line was read.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts <paramref name="program"/> with -D <paramref name="folder"/>.</summary>
    /// <param name="removedAtEnd">At most two folders that are removed when the program has ended.</param>
    public static PostgresProcess Start(
        string program, IEnumerable<string> arguments, string folder, ServerAccount? account, IReadOnlyList<string> removedAtEnd, PostgresLog log, TimeSpan? stopTimeout = null)
    {
        List<string> command = [.. account?.Lowering ?? [], program, "-D", account is null ? folder : HeldFolder, .. arguments];
        if (!OperatingSystem.IsWindows())
        {
            command =
            [
                "sh", "-c", OwnSession, "sh", "sh", "-c", Watchdog, "imagerepo-postgres",
                folder, removedAtEnd.ElementAtOrDefault(0) ?? "", removedAtEnd.ElementAtOrDefault(1) ?? "", .. command,
            ];
        }
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Settings of the person's own servers are not this one's; messages in English, since they are read here.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, bytes) in KeptMemory)
        {
            start.Environment[name] = bytes;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        WindowsJob? job = OperatingSystem.IsWindows() ? new WindowsJob() : null;
        process.Start();
        if (OperatingSystem.IsWindows())
        {
            job!.Add(process);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        string pgCtl = Path.Combine(Path.GetDirectoryName(program)!, "pg_ctl.exe");
        return new PostgresProcess(process, job, [pgCtl, "stop", "-m", "fast", "-D", folder], stopTimeout ?? TimeSpan.FromSeconds(60));

        void Read(string? line)
        {
            if (line is not null)
            {
                lock (log)
                {
                    log.Add(line);
                }
            }
        }
    }

    /// <summary>Ends the program in good order, or by force when that takes too long; returns when it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (OperatingSystem.IsWindows() && !_process.HasExited)
        {
            // No signals there; a program that is no server is ended by its job.
            await ProcessResult.RunAsync(_windowsStop, CancellationToken.None);
        }
        try
        {
            await Exited.WaitAsync(_stopTimeout);
        }
        catch (TimeoutException)
        {
            // The next start recovers, as after a power cut.
            _process.Kill(entireProcessTree: true);
            await Exited;
        }
        if (OperatingSystem.IsWindows())
        {
            _job?.Dispose();
        }
        _process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
