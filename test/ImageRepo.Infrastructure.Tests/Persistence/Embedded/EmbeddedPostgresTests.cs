using System.Diagnostics;
using System.Runtime.Versioning;
using ImageRepo.Infrastructure.Persistence.Embedded;
using Npgsql;

namespace ImageRepo.Infrastructure.Tests.Persistence.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly PostgresFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_start_finds_what_the_first_one_kept()
    {
        await using (EmbeddedPostgres first = await _folder.StartAsync())
        {
            await PostgresFolder.AskAsync(first.ConnectionString, "create table kept as select 'grün' as word");
        }
        await using EmbeddedPostgres second = await _folder.StartAsync();

        Assert.Equal("grün", await PostgresFolder.AskAsync(second.ConnectionString, "select word from kept"));
        Assert.Equal("GRÜN", await PostgresFolder.AskAsync(second.ConnectionString, "select upper(word) from kept"));
        Assert.Equal("on", await PostgresFolder.AskAsync(second.ConnectionString, "show data_checksums"));
        Assert.Equal("on", await PostgresFolder.AskAsync(second.ConnectionString, "show fsync"));
    }

    [Fact]
    public async Task The_app_owns_its_database_and_is_no_superuser()
    {
        await using EmbeddedPostgres server = await _folder.StartAsync();

        Assert.Equal("imagerepo", await PostgresFolder.AskAsync(server.ConnectionString, "select current_database()"));
        Assert.Equal(false, await PostgresFolder.AskAsync(server.ConnectionString, "select rolsuper from pg_roles where rolname = current_user"));
        await PostgresFolder.AskAsync(server.ConnectionString, "create extension cube; create extension btree_gist; create extension pg_trgm");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => PostgresFolder.AskAsync(server.ConnectionString, "copy (select 1) to program 'true'"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task It_listens_on_no_port()
    {
        await using EmbeddedPostgres server = await _folder.StartAsync();

        Assert.Equal("", await PostgresFolder.AskAsync(server.ConnectionString, "show listen_addresses"));
        Assert.StartsWith("/", new NpgsqlConnectionStringBuilder(server.ConnectionString).Host);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.SocketFolder));
    }

    [Fact]
    public async Task Disposing_leaves_no_process_and_no_folder_of_the_socket()
    {
        EmbeddedPostgres server = await _folder.StartAsync();
        (int process, string socket) = (_folder.ServerProcess, _folder.SocketFolder);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await using NpgsqlConnection open = await source.OpenConnectionAsync();

        await server.DisposeAsync();

        Assert.False(Directory.Exists($"/proc/{process}"));
        Assert.False(Directory.Exists(Path.GetDirectoryName(socket)));
        Assert.False(File.Exists(Path.Combine(_folder.Cluster, "postmaster.pid")));
        Assert.Equal("shut down", await StateAsync());
    }

    [Fact]
    public async Task A_second_app_on_the_same_folder_is_told_who_has_it()
    {
        await using EmbeddedPostgres server = await _folder.StartAsync();
        using ServerAppProcess other = ServerAppProcess.Start(_folder.Data);

        Assert.Equal($"The data folder {_folder.Data} is in use by process {Environment.ProcessId}: stop that one or set DataDirectory to another.", await other.FirstLineAsync());
        Assert.Equal(1, await other.EndAsync());
        Assert.Equal(1, await PostgresFolder.AskAsync(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task Two_side_by_side_do_not_meet()
    {
        using var otherFolder = new PostgresFolder();
        await using EmbeddedPostgres one = await _folder.StartAsync();
        await using EmbeddedPostgres two = await otherFolder.StartAsync();

        await PostgresFolder.AskAsync(one.ConnectionString, "create table mine()");

        Assert.IsType<DBNull>(await PostgresFolder.AskAsync(two.ConnectionString, "select to_regclass('mine')::text"));
        await one.DisposeAsync();
        Assert.Equal(1, await PostgresFolder.AskAsync(two.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task Without_programs_it_says_what_to_install()
    {
        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => _folder.StartAsync(new EmbeddedPostgresOptions { BinaryFolders = ["/nowhere"] }));

        Assert.StartsWith("No PostgreSQL 15 or newer was found: install it (apt-get install postgresql", refused.Message);
        Assert.Contains("ConnectionStrings:ImageRepo", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_cluster_of_a_version_that_is_gone_is_left_alone()
    {
        Directory.CreateDirectory(_folder.Cluster);
        await File.WriteAllTextAsync(Path.Combine(_folder.Cluster, "PG_VERSION"), "9\n");

        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => _folder.StartAsync());

        Assert.Contains("was made by PostgreSQL 9, whose programs are not there (found: ", refused.Message);
        Assert.Contains("install PostgreSQL 9 again", refused.Message);
        Assert.Equal(["PG_VERSION"], Directory.EnumerateFileSystemEntries(_folder.Cluster).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Something_else_in_the_clusters_place_is_left_alone()
    {
        Directory.CreateDirectory(_folder.Cluster);
        await File.WriteAllTextAsync(Path.Combine(_folder.Cluster, "letter.txt"), "dear");

        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => _folder.StartAsync());

        Assert.Contains("holds no PostgreSQL database", refused.Message);
        Assert.True(File.Exists(Path.Combine(_folder.Cluster, "letter.txt")));
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_is_noticed_and_starts_again()
    {
        EmbeddedPostgres first = await _folder.StartAsync();
        await PostgresFolder.AskAsync(first.ConnectionString, "create table kept()");
        var ended = new TaskCompletionSource();
        first.Stopped.Register(ended.SetResult);

        Process.GetProcessById(_folder.ServerProcess).Kill();
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await first.DisposeAsync();

        await using EmbeddedPostgres second = await _folder.StartAsync();
        Assert.Equal("kept", await PostgresFolder.AskAsync(second.ConnectionString, "select to_regclass('kept')::text"));
    }

    [Fact]
    public async Task A_note_of_an_earlier_server_whose_number_something_else_has_now_does_not_block()
    {
        await using (EmbeddedPostgres first = await _folder.StartAsync())
        {
            File.Copy(Path.Combine(_folder.Cluster, "postmaster.pid"), Path.Combine(_folder.Root, "note"));
        }
        string[] note = await File.ReadAllLinesAsync(Path.Combine(_folder.Root, "note"));
        using var other = Process.Start(new ProcessStartInfo("sleep", ["100"]))!;
        try
        {
            note[0] = $"{other.Id}";
            await File.WriteAllLinesAsync(Path.Combine(_folder.Cluster, "postmaster.pid"), note);

            await using EmbeddedPostgres second = await _folder.StartAsync();
            Assert.NotEqual(other.Id, _folder.ServerProcess);
        }
        finally
        {
            other.Kill();
        }
    }

    private async Task<string> StateAsync()
    {
        // pg_controldata is not in every package; the file's state is the word after the version numbers (enum DBState, 1 = shut down).
        byte[] control = await File.ReadAllBytesAsync(Path.Combine(_folder.Cluster, "global", "pg_control"));
        return BitConverter.ToInt32(control, 16) == 1 ? "shut down" : "not shut down";
    }
}
