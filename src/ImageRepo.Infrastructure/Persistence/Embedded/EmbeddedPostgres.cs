using Microsoft.Extensions.Logging;
using Npgsql;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>
/// A private PostgreSQL server, the app's child, with its databases in <c>{data directory}/postgres</c>. It lives and dies with the app.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>In the name of every folder that a server of ours uses, so that one can be told from a stranger's.</summary>
    internal const string Marker = "imagerepo-";

    internal const string Database = "imagerepo";
    private const string Superuser = "postgres";
    private static readonly string[] Extensions = ["btree_gist", "cube", "pg_trgm"];

    private readonly DataDirectoryLock _lock;
    private readonly PostgresProcess _process;
    private readonly PostgresEndpoint _endpoint;
    private readonly PostgresLog _log;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private bool _disposed;

    private EmbeddedPostgres(DataDirectoryLock held, PostgresProcess process, PostgresEndpoint endpoint, PostgresLog log, ILogger logger)
    {
        (_lock, _process, _endpoint, _log, _logger) = (held, process, endpoint, log, logger);
        // Below the server's 100, so that a full pool waits and is not refused.
        NpgsqlConnectionStringBuilder connection = endpoint.Connect(Database, Database);
        connection.MaxPoolSize = 80;
        ConnectionString = connection.ConnectionString;
    }

    /// <summary>To the database <c>imagerepo</c> as its owner, who is no superuser.</summary>
    public string ConnectionString { get; }

    /// <summary>Cancelled when the server ended by itself: the app had better end too, and be started again.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Starts the server, and makes its cluster and database when they are not there yet.</summary>
    /// <param name="dataDirectory">The app's data folder; made when it is missing. One app at a time.</param>
    /// <exception cref="EmbeddedPostgresException">It cannot run here; the message says why and what to do.</exception>
    public static Task<EmbeddedPostgres> StartAsync(string dataDirectory, ILogger logger, CancellationToken cancellationToken = default) =>
        StartAsync(dataDirectory, new EmbeddedPostgresOptions(), logger, cancellationToken);

    internal static async Task<EmbeddedPostgres> StartAsync(string dataDirectory, EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellationToken = default)
    {
        dataDirectory = Path.GetFullPath(dataDirectory);
        DataDirectoryLock held = await DataDirectoryLock.TakeAsync(dataDirectory, options.LockTimeout, cancellationToken);
        try
        {
            var cluster = new PostgresCluster(dataDirectory);
            ServerAccount? account = await ServerAccount.ForAsync(cluster.Folder, cancellationToken);
            PostgresEndpoint endpoint = OperatingSystem.IsWindows() ? new LoopbackEndpoint(dataDirectory) : new SocketEndpoint(account);
            IEnumerable<string> folders = options.BinaryFolders ?? PostgresBinaries.UsualFolders(dataDirectory);
            PostgresBinaries binaries = await PostgresBinaries.FindAsync(cluster, account, folders, cancellationToken);
            if (cluster.Major is null)
            {
                await cluster.InitializeAsync(binaries, account, endpoint, durable: !options.Ephemeral, cancellationToken);
            }
            var launch = new PostgresLaunch(cluster, binaries, account, endpoint, options, logger);
            (PostgresProcess process, PostgresLog log) = await launch.StartAsync(cancellationToken);
            try
            {
                await PrepareAsync(endpoint, binaries, cancellationToken);
                log.IsQuiet = false;
                logger.LogInformation("PostgreSQL {Version} from {Folder} runs on {Cluster}", binaries.Version, binaries.Folder, cluster.Folder);
                var server = new EmbeddedPostgres(held, process, endpoint, log, logger);
                _ = server.WatchAsync();
                return server;
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>To any database of the server as its superuser, for tests.</summary>
    internal string SuperuserConnectionString(string database) => _endpoint.Connect(Superuser, database).ConnectionString;

    /// <summary>Shuts the server down, closing the connections that are left, and returns when it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        _log.IsQuiet = true;
        await _process.DisposeAsync();
        _lock.Dispose();
        _stopped.Dispose();
    }

    private async Task WatchAsync()
    {
        int code = await _process.Exited;
        if (!_disposed)
        {
            _logger.LogCritical("PostgreSQL ended by itself with exit code {Code}: {Tail}", code, _log.Tail);
            await _stopped.CancelAsync();
        }
    }

    private static async Task PrepareAsync(PostgresEndpoint endpoint, PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder superuser = endpoint.Connect(Superuser, "postgres");
        superuser.Pooling = false;
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(superuser);

        await using NpgsqlCommand available = source.CreateCommand("select name from unnest($1::text[]) as name except select name from pg_available_extensions order by 1");
        available.Parameters.Add(new() { Value = Extensions });
        var missing = new List<string>();
        await using (NpgsqlDataReader reader = await available.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                missing.Add(reader.GetString(0));
            }
        }
        if (missing.Count > 0)
        {
            throw new EmbeddedPostgresException($"PostgreSQL {binaries.Version} in {binaries.Folder} lacks the extensions {string.Join(", ", missing)}: install its contrib modules (postgresql-contrib).");
        }

        // Either may be there already: a first start that was interrupted here goes on.
        if (!await ExistsAsync("select 1 from pg_roles where rolname = $1"))
        {
            // Hexadecimal, so no quoting; none is needed where the kernel says who calls.
            await ExecuteAsync($"create role {Database} login{(superuser.Password is null ? "" : $" password '{superuser.Password}'")}");
        }
        if (!await ExistsAsync("select 1 from pg_database where datname = $1"))
        {
            await ExecuteAsync($"create database {Database} owner {Database}");
        }

        async Task<bool> ExistsAsync(string query)
        {
            await using NpgsqlCommand command = source.CreateCommand(query);
            command.Parameters.Add(new() { Value = Database });
            return await command.ExecuteScalarAsync(cancellationToken) is not null;
        }

        async Task ExecuteAsync(string statement)
        {
            await using NpgsqlCommand command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
