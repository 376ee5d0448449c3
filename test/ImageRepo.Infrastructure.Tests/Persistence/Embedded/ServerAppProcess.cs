using System.Diagnostics;

namespace ImageRepo.Infrastructure.Tests.Persistence.Embedded;

/// <summary>A running <see cref="ServerApp"/>.</summary>
internal sealed class ServerAppProcess : IDisposable
{
    private readonly Process _process;

    private ServerAppProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static ServerAppProcess Start(string dataDirectory, string? option = null, IReadOnlyList<string>? prefix = null, string? binaries = null)
    {
        string assembly = typeof(ServerApp).Assembly.Location;
        assembly = binaries is null ? assembly : Path.Combine(binaries, Path.GetFileName(assembly));
        List<string> command = [.. prefix ?? [], "dotnet", "exec", assembly, dataDirectory, option ?? "durable"];
        return new ServerAppProcess(Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!);
    }

    /// <summary>The connection string, or the message of an app that could not start.</summary>
    public async Task<string> FirstLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("The app said nothing.");

    /// <summary>kill -9, of this process alone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
    }
}
