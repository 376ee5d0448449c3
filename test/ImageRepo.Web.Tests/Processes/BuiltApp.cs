using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

/// <summary>
/// The built product as <c>./run</c> starts it: a process of its own with its own PostgreSQL on a data folder of its own, which may be killed
/// and started again. Both are gone afterwards.
/// </summary>
internal sealed partial class BuiltApp : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2); // A new database on a busy machine takes long.
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _log = new();
    private readonly Dictionary<string, string> _settings;
    private Process? _process;
    private Uri? _address;

    private BuiltApp(Dictionary<string, string> settings)
    {
        _settings = settings;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("imagerepo-built-").FullName;

    /// <summary>Every line that it wrote, in all its lives.</summary>
    public IReadOnlyCollection<string> Log => _log;

    public int ProcessId => _process!.Id;

    /// <summary>Bytes of resident memory at most, since its start or since that was forgotten.</summary>
    public long PeakMemory => Memory("VmHWM:");

    /// <summary>Bytes of resident memory now.</summary>
    public long ResidentMemory => Memory("VmRSS:");

    public bool HasEnded => _process!.HasExited;

    public string Objects => Path.Combine(DataDirectory, "objects");

    /// <summary>A data folder without an app on it yet.</summary>
    public static BuiltApp Prepare() => new([]);

    /// <param name="settings">As environment variables: <c>Section__Name</c>.</param>
    public static async Task<BuiltApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var app = new BuiltApp(settings.ToDictionary(s => s.Name, s => s.Value));
        try
        {
            await app.StartAgainAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client without an account; it knows the address of this life of the app only.</summary>
    public ImageRepoClient Visit() => new(_address!);

    public async Task<ImageRepoClient> SignUpAsync(string name)
    {
        var client = Visit();
        await client.SignUpAsync(name);
        return client;
    }

    /// <summary>Starts it on the same data folder.</summary>
    /// <param name="settings">Replace those of the first start.</param>
    public async Task StartAgainAsync(params (string Name, string Value)[] settings)
    {
        var start = StartInfo(settings is [] ? _settings.Select(s => (s.Key, s.Value)) : settings, []);
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(string? line)
        {
            if (line is null)
            {
                return;
            }
            _log.Enqueue(line);
            if (ReadyLine().Match(line) is { Success: true } match)
            {
                ready.TrySetResult(new Uri(match.Groups[1].Value));
            }
        }
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The app ended."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            _address = await ready.Task.WaitAsync(StartLimit);
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"The app did not start:\n{string.Join('\n', _log)}", failure);
        }
    }

    /// <summary>Runs a command of the binary on the data folder, whether or not the app runs.</summary>
    /// <param name="input">Its standard input.</param>
    /// <param name="killWhen">Where given, it is killed with kill -9 as soon as this holds.</param>
    /// <param name="settings">Beside those of the app.</param>
    public async Task<CommandOutcome> CommandAsync(string[] arguments, string input = "", Func<bool>? killWhen = null, params (string Name, string Value)[] settings)
    {
        var start = StartInfo([.. _settings.Select(s => (s.Key, s.Value)), .. settings], arguments);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var ended = process.WaitForExitAsync();
        while (killWhen is not null && !ended.IsCompleted)
        {
            if (killWhen())
            {
                process.Kill();
                break;
            }
            await Task.Delay(10);
        }
        await ended.WaitAsync(StartLimit);
        return new CommandOutcome(process.ExitCode, await output, await errors);
    }

    /// <summary>kill -9, of the app's process alone.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it ends by itself, as at a fault.</summary>
    public Task UntilItEndsAsync() => _process!.WaitForExitAsync().WaitAsync(EndLimit);

    /// <summary>Ctrl+C's gentler sister; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{ProcessId}"]))
        {
            await kill.WaitForExitAsync();
        }
        await _process!.WaitForExitAsync().WaitAsync(EndLimit);
        return _process.ExitCode;
    }

    /// <summary>What runs with the data folder in its command or as its own folder: the app's PostgreSQL, its children and its watchdog.</summary>
    public IReadOnlyList<string> ProcessesOfTheFolder() =>
        [.. Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)).Select(Describe).Where(d => d.Contains(DataDirectory, StringComparison.Ordinal))];

    public async Task UntilTheFolderIsFreeAsync()
    {
        for (var deadline = DateTime.UtcNow + EndLimit; ProcessesOfTheFolder() is [var first, ..]; await Task.Delay(50))
        {
            Assert.True(DateTime.UtcNow < deadline, $"Still there: {first}");
        }
    }

    /// <summary>Errors and worse among what it logged.</summary>
    public IReadOnlyList<string> Errors() => [.. _log.Where(l => l.StartsWith("fail:", StringComparison.Ordinal) || l.StartsWith("crit:", StringComparison.Ordinal) || l.StartsWith("Unhandled", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        try
        {
            if (_process is { HasExited: false })
            {
                await KillAsync();
            }
            _process?.Dispose();
            await UntilTheFolderIsFreeAsync();
        }
        finally
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }

    /// <summary>Of proc(5), which counts in KiB.</summary>
    private long Memory(string name)
    {
        var line = File.ReadLines($"/proc/{ProcessId}/status").Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture) << 10;
    }

    private ProcessStartInfo StartInfo(IEnumerable<(string Name, string Value)> settings, string[] arguments)
    {
        var web = Path.Combine(Repository.Root, "src", "ImageRepo.Web");
        // The tests' own configuration, Debug or Release, is the one that was built with them.
        var target = Path.GetRelativePath(Path.Combine(Repository.Root, "test", "ImageRepo.Web.Tests", "bin"), AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(web, "bin", target, "ImageRepo.Web.dll"), .. arguments])
        {
            WorkingDirectory = web,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["DataDirectory"] = DataDirectory;
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "131072";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
        return start;
    }

    private void KillAtExit(object? sender, EventArgs e)
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
        }
    }

    private static string Describe(string process)
    {
        try
        {
            return $"{Path.GetFileName(process)}: {File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ')} in {File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's and so none of the app's.
            return "";
        }
    }

    [GeneratedRegex("^ImageRepo is ready: (http:[^,\\s]+)$")]
    private static partial Regex ReadyLine();
}

/// <summary>What a command said, and its exit code.</summary>
internal sealed record CommandOutcome(int ExitCode, string Output, string Errors);
