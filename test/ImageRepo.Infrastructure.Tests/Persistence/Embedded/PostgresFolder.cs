using System.Globalization;
using ImageRepo.Infrastructure.Persistence.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ImageRepo.Infrastructure.Tests.Persistence.Embedded;

/// <summary>A data directory of one test, and questions about the server in it.</summary>
internal sealed class PostgresFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("imagerepo-embedded-").FullName;

    public PostgresFolder() => Data = Path.Combine(_root, "it's a folder", "data");

    public string Data { get; }
    public string Cluster => Path.Combine(Data, "postgres");
    public string Root => _root;

    /// <summary>The number of the server's first process, as PostgreSQL notes it.</summary>
    public int ServerProcess => int.Parse(File.ReadLines(Path.Combine(Cluster, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public string SocketFolder => File.ReadLines(Path.Combine(Cluster, "postmaster.pid")).ElementAt(4);

    public Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions? options = null) =>
        EmbeddedPostgres.StartAsync(Data, options ?? new EmbeddedPostgresOptions { LockTimeout = TimeSpan.Zero }, NullLogger.Instance);

    public static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (int attempt = 0; !condition(); attempt++)
        {
            Assert.True(attempt < 3000, $"Not within a minute: {what}");
            await Task.Delay(20);
        }
    }

    public static Task UntilGoneAsync(int process) => UntilAsync(() => !Directory.Exists($"/proc/{process}"), $"the end of process {process}");

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
