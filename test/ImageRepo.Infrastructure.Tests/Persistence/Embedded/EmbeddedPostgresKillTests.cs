using System.Globalization;
using ImageRepo.Infrastructure.Persistence.Embedded;

namespace ImageRepo.Infrastructure.Tests.Persistence.Embedded;

public sealed class EmbeddedPostgresKillTests : IDisposable
{
    private readonly PostgresFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_app_takes_its_server_along()
    {
        using ServerAppProcess app = ServerAppProcess.Start(_folder.Data);
        await app.FirstLineAsync();
        (int server, string socket) = (_folder.ServerProcess, _folder.SocketFolder);
        Assert.True(Directory.Exists($"/proc/{server}"));

        app.Kill();

        await PostgresFolder.UntilGoneAsync(server);
        await PostgresFolder.UntilAsync(() => !Directory.Exists(Path.GetDirectoryName(socket)), "the removal of the socket's folder");
    }

    [Fact]
    public async Task A_start_right_after_a_kill_waits_for_the_old_server_and_keeps_its_rows()
    {
        using ServerAppProcess app = ServerAppProcess.Start(_folder.Data);
        string old = await app.FirstLineAsync();
        // Enough unwritten pages that the old server's last checkpoint takes its time.
        await PostgresFolder.AskAsync(old, "create table kept as select g, repeat('x', 500) from generate_series(1, 100000) g");

        app.Kill();
        await using EmbeddedPostgres server = await _folder.StartAsync(new EmbeddedPostgresOptions());

        Assert.Equal(100000L, await PostgresFolder.AskAsync(server.ConnectionString, "select count(*) from kept"));
    }

    [Fact]
    public async Task A_server_whose_app_and_watchdog_were_both_killed_is_ended_by_the_next_start()
    {
        using ServerAppProcess app = ServerAppProcess.Start(_folder.Data);
        await app.FirstLineAsync();
        (int orphan, string socket) = (_folder.ServerProcess, _folder.SocketFolder);
        using var watchdog = System.Diagnostics.Process.GetProcessById(Parent(orphan));
        Assert.NotEqual(app.Id, watchdog.Id);
        app.Kill();
        watchdog.Kill();

        await using EmbeddedPostgres server = await _folder.StartAsync(new EmbeddedPostgresOptions());

        // The one thing that such a death leaves, since the watchdog would have removed it.
        Directory.Delete(Path.GetDirectoryName(socket)!, recursive: true);
        Assert.NotEqual(orphan, _folder.ServerProcess);
        Assert.Equal(1, await PostgresFolder.AskAsync(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task A_kill_while_the_cluster_is_made_is_repaired_by_the_next_start()
    {
        using ServerAppProcess app = ServerAppProcess.Start(_folder.Data);
        await PostgresFolder.UntilAsync(
            () => Directory.Exists(_folder.Data) && Directory.EnumerateDirectories(_folder.Data, "postgres.new-*").Any(d => Directory.Exists(Path.Combine(d, "base"))),
            "initdb at work");
        app.Kill();
        Assert.False(Directory.Exists(_folder.Cluster));

        await using EmbeddedPostgres server = await _folder.StartAsync(new EmbeddedPostgresOptions());

        Assert.Equal(1, await PostgresFolder.AskAsync(server.ConnectionString, "select 1"));
        Assert.Empty(Directory.EnumerateDirectories(_folder.Data, "postgres.new-*"));
    }

    [Fact]
    public async Task A_tests_server_leaves_no_folder_even_when_its_host_is_killed()
    {
        using ServerAppProcess app = ServerAppProcess.Start(_folder.Data, "ephemeral");
        await app.FirstLineAsync();
        app.Kill();

        await PostgresFolder.UntilAsync(() => !Directory.Exists(_folder.Data), "the removal of the data folder");
    }

    private static int Parent(int process)
    {
        string parent = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal));
        return int.Parse(parent.AsSpan(5), CultureInfo.InvariantCulture);
    }
}
