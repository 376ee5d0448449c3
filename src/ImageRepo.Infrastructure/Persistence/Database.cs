using System.Security.Cryptography;
using System.Text;
using ImageRepo.Infrastructure.Persistence.Embedded;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>
/// The PostgreSQL server that this node uses: <c>ConnectionStrings:ImageRepo</c>, else a private one that lives in the data folder
/// and ends with this process. Brings the schema up to date before anything else starts.
/// </summary>
public sealed class Database(
    IConfiguration configuration, DataDirectory dataDirectory, IServiceScopeFactory scopes, IHostEnvironment environment, IHostApplicationLifetime lifetime,
    ILogger<Database> logger) : IHostedService, IAsyncDisposable
{
    /// <summary>Statements a connection, each of which takes some tens of kilobytes of the server's: an upload sends a dozen.</summary>
    private const int MaxPrepared = 30;

    private EmbeddedPostgres? _private;
    private NpgsqlDataSource? _dataSource;
    private string? _connectionString;

    public NpgsqlDataSource DataSource => _dataSource ?? throw new InvalidOperationException("The database is not started yet.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Connect(Configured ?? await StartPrivateAsync(cancellationToken));
        await MigrateAsync(target: null, cancellationToken);
    }

    /// <summary>For a command: uses the private server of the app that runs; where none runs, starts it for as long as the command takes.</summary>
    /// <param name="migrate">Whether the schema is brought up to date, as at every start.</param>
    public async Task OpenForCommandAsync(bool migrate, CancellationToken cancellationToken)
    {
        Connect(Configured ?? await RunningPostgres.FindAsync(dataDirectory.Path, cancellationToken) ?? await StartPrivateAsync(cancellationToken));
        if (migrate)
        {
            await MigrateAsync(target: null, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is not null)
        {
            await _dataSource.DisposeAsync();
        }
        if (_private is not null)
        {
            await _private.DisposeAsync();
        }
    }

    /// <summary>
    /// A connection of its own, outside the pool, for what takes hours: LISTEN, backups. It asks after the server now and then: one that a
    /// firewall dropped in silence would otherwise wait for ever.
    /// </summary>
    internal async Task<NpgsqlConnection> OpenOwnAsync(CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(_connectionString) { KeepAlive = 30, Pooling = false, CommandTimeout = 0 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private string? Configured
    {
        get
        {
            if (configuration.GetConnectionString("ImageRepo") is not { } set || string.IsNullOrWhiteSpace(set))
            {
                return null;
            }
            new TransportSecurity(configuration, environment).RequireOf(new NpgsqlConnectionStringBuilder(set));
            return set;
        }
    }

    private async Task<string> StartPrivateAsync(CancellationToken cancellationToken)
    {
        _private = await EmbeddedPostgres.StartAsync(dataDirectory.Path, logger, cancellationToken);
        // Without its database the app can do nothing; whoever watches over it starts both again.
        _private.Stopped.Register(lifetime.StopApplication);
        return _private.ConnectionString;
    }

    private void Connect(string connectionString)
    {
        _connectionString = connectionString;
        _dataSource = CreateDataSource(connectionString);
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        // A plan made for any tag costs a rare one sixteen times as much: let PostgreSQL look at the values.
        builder.ConnectionStringBuilder.Options = $"{builder.ConnectionStringBuilder.Options} -c plan_cache_mode=force_custom_plan".Trim();
        // What is sent again and again is parsed once a connection; it is still planned for its values. Should a migration of another node change
        // the type of a column that is read, such a statement fails once on each connection: so columns are added, never changed.
        if (!builder.ConnectionStringBuilder.ShouldSerialize("Max Auto Prepare"))
        {
            builder.ConnectionStringBuilder.MaxAutoPrepare = MaxPrepared;
        }
        return builder.Build();
    }

    /// <summary>False for a database in which there is nothing yet.</summary>
    internal static Task<bool> HasSchemaAsync(ImageRepoDbContext db, CancellationToken cancellationToken) => db.GetService<IHistoryRepository>().ExistsAsync(cancellationToken);

    /// <summary>Brings the schema up to date. One node migrates while the others wait for it.</summary>
    /// <param name="target">The migration to stop at; null for the last. A schema beyond it stays as it is.</param>
    internal async Task MigrateAsync(string? target, CancellationToken cancellationToken)
    {
        await using var guard = await DataSource.OpenConnectionAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        await RunAsync(guard, "select pg_advisory_lock($1)", cancellationToken);
        try
        {
            if (await IsBehindAsync(db, target, cancellationToken))
            {
                logger.LogInformation("Bringing the database up to date");
                // A new index on a large library takes longer than any query may.
                db.Database.SetCommandTimeout(TimeSpan.Zero);
                await db.Database.MigrateAsync(target, cancellationToken);
                // Connections that were open before the extensions existed don't know their types.
                await DataSource.ReloadTypesAsync(cancellationToken);
                DataSource.Clear();
            }
        }
        finally
        {
            await RunAsync(guard, "select pg_advisory_unlock($1)", CancellationToken.None);
        }
    }

    /// <summary>Asks for the table of migrations first: EF would log an alarming failure for an empty database.</summary>
    private static async Task<bool> IsBehindAsync(ImageRepoDbContext db, string? target, CancellationToken cancellationToken) =>
        !await HasSchemaAsync(db, cancellationToken)
        || (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any(pending => target is null || string.CompareOrdinal(pending, target) <= 0);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = LockKey } } };
        // Another node's migration may take longer than any query.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static readonly long LockKey = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes("ImageRepo migrations")));
}
