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
    private EmbeddedPostgres? _private;
    private NpgsqlDataSource? _dataSource;
    private string? _connectionString;

    public NpgsqlDataSource DataSource => _dataSource ?? throw new InvalidOperationException("The database is not started yet.");

    public async Task StartAsync(CancellationToken cancellationToken) =>
        await OpenAsync(Configured ?? await StartPrivateAsync(cancellationToken), cancellationToken);

    /// <summary>For a command: uses the private server of the app that runs; where none runs, starts it for as long as the command takes.</summary>
    public async Task OpenForCommandAsync(CancellationToken cancellationToken) => await OpenAsync(
        Configured ?? await RunningPostgres.FindAsync(dataDirectory.Path, cancellationToken) ?? await StartPrivateAsync(cancellationToken), cancellationToken);

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
    /// A connection of its own for LISTEN, outside the pool. It asks after the server now and then: one that a firewall dropped in silence
    /// would otherwise wait for ever.
    /// </summary>
    internal async Task<NpgsqlConnection> OpenListeningAsync(CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(_connectionString) { KeepAlive = 30, Pooling = false };
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

    private async Task OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        _connectionString = connectionString;
        _dataSource = CreateDataSource(connectionString);
        await MigrateAsync(cancellationToken);
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        // A plan made for any tag costs a rare one sixteen times as much: let PostgreSQL look at the values.
        builder.ConnectionStringBuilder.Options = $"{builder.ConnectionStringBuilder.Options} -c plan_cache_mode=force_custom_plan".Trim();
        return builder.Build();
    }

    /// <summary>One node migrates while the others wait for it.</summary>
    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var guard = await DataSource.OpenConnectionAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        await RunAsync(guard, "select pg_advisory_lock($1)", cancellationToken);
        try
        {
            if (await IsBehindAsync(db, cancellationToken))
            {
                logger.LogInformation("Bringing the database up to date");
                // A new index on a large library takes longer than any query may.
                db.Database.SetCommandTimeout(TimeSpan.Zero);
                await db.Database.MigrateAsync(cancellationToken);
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
    private static async Task<bool> IsBehindAsync(ImageRepoDbContext db, CancellationToken cancellationToken) =>
        !await db.GetService<IHistoryRepository>().ExistsAsync(cancellationToken)
        || (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = LockKey } } };
        // Another node's migration may take longer than any query.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static readonly long LockKey = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes("ImageRepo migrations")));
}
