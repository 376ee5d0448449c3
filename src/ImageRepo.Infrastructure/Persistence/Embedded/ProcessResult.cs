using System.ComponentModel;
using System.Diagnostics;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>What a short command said.</summary>
internal sealed record ProcessResult(int ExitCode, string Output)
{
    public static async Task<ProcessResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProcessResult(process.ExitCode, await output + await error);
        }
        catch (Win32Exception e)
        {
            return new ProcessResult(127, e.Message);
        }
    }
}
