using System.Diagnostics;
using System.Runtime.Versioning;

namespace ImageRepo.Infrastructure.Tests.Persistence.Embedded;

/// <summary>
/// Root and an ordinary user. Both need root to be laid out; anyone else's run has shown the ordinary user in every other test.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresAccountTests : IDisposable
{
    private static readonly string[] AsNobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

    private readonly PostgresFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RootFact]
    public async Task Root_can_keep_its_data_in_a_folder_that_it_alone_may_enter()
    {
        File.SetUnixFileMode(_folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using (var server = await _folder.StartAsync())
        {
            await PostgresFolder.AskAsync(server.ConnectionString, "create table kept()");
            Assert.NotEqual("0", await OwnerAsync($"/proc/{_folder.ServerProcess}"));
            Assert.NotEqual("0", await OwnerAsync(_folder.Cluster));
        }
        await using var second = await _folder.StartAsync();
        Assert.Equal("kept", await PostgresFolder.AskAsync(second.ConnectionString, "select to_regclass('kept')::text"));
    }

    [RootFact]
    public async Task An_ordinary_user_runs_it_and_root_goes_on_with_it_as_that_user()
    {
        string binaries = CopyForEveryone();
        Directory.CreateDirectory(_folder.Data);
        await RunAsync("chown", "-R", "nobody", _folder.Root);
        await RunAsync("chmod", "-R", "a+rX", _folder.Root);
        using (ServerAppProcess app = ServerAppProcess.Start(_folder.Data, prefix: AsNobody, binaries: binaries))
        {
            Assert.Contains("Host=/", await app.FirstLineAsync());
            Assert.Equal(await OwnerAsync($"/proc/{app.Id}"), await OwnerAsync($"/proc/{_folder.ServerProcess}"));
            Assert.Equal(0, await app.EndAsync());
        }
        string nobody = await OwnerAsync(_folder.Cluster);
        Assert.NotEqual("0", nobody);

        await using var server = await _folder.StartAsync();

        Assert.Equal(nobody, await OwnerAsync($"/proc/{_folder.ServerProcess}"));
        Assert.Equal(1, await PostgresFolder.AskAsync(server.ConnectionString, "select 1"));
    }

    [RootFact]
    public async Task An_ordinary_user_is_told_when_the_data_folder_is_another_ones()
    {
        string binaries = CopyForEveryone();
        await RunAsync("chmod", "-R", "a+rX", _folder.Root);
        using ServerAppProcess app = ServerAppProcess.Start(_folder.Data, prefix: AsNobody, binaries: binaries);

        Assert.StartsWith($"nobody may not write to the data folder {_folder.Data}", await app.FirstLineAsync());
        Assert.Equal(1, await app.EndAsync());
    }

    /// <summary>The build may lie in root's home; without the .deps.json the copy needs only the assemblies that it loads.</summary>
    private string CopyForEveryone()
    {
        string copy = Directory.CreateDirectory(Path.Combine(_folder.Root, "app")).FullName;
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f => f.EndsWith(".dll") || f.EndsWith(".runtimeconfig.json")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }
        return copy;
    }

    private static Task<string> OwnerAsync(string path) => RunAsync("stat", "-c", "%u", path);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }

    private sealed class RootFactAttribute : FactAttribute
    {
        public RootFactAttribute()
        {
            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            {
                Skip = "Needs root on Linux.";
            }
        }
    }
}
