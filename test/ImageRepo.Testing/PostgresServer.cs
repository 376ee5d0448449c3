using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Infrastructure.Persistence.Embedded;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ImageRepo.Testing;

/// <summary>
/// One private PostgreSQL server a test process. It ends with the process, however that ends, and leaves no folder.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<EmbeddedPostgres>> Server = new(StartAsync);
    private static readonly Lazy<Task<string>> Migrated = new(MigrateAsync);
    private static int _databases;

    /// <summary>A fresh database as the product's migrations leave an empty one: a copy, since they take longer than most tests.</summary>
    /// <returns>Its connection string, as its owner.</returns>
    public static async Task<string> CreateMigratedDatabaseAsync() => await CreateDatabaseAsync(await Migrated.Value);

    /// <summary>A fresh database, empty or a copy of another.</summary>
    /// <param name="template">The connection string or the name of a database to copy; connections to it are closed.</param>
    /// <returns>Its connection string, as its owner, who is no superuser (as in the product).</returns>
    public static async Task<string> CreateDatabaseAsync(string? template = null)
    {
        EmbeddedPostgres server = await Server.Value;
        string name = $"test_{Interlocked.Increment(ref _databases)}";
        await using NpgsqlDataSource superuser = NpgsqlDataSource.Create(server.SuperuserConnectionString("postgres") + ";Pooling=false");
        string copy = "";
        if (template is not null)
        {
            template = template.Contains('=') ? new NpgsqlConnectionStringBuilder(template).Database! : template;
            await using NpgsqlCommand close = superuser.CreateCommand("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1");
            close.Parameters.Add(new() { Value = template });
            await close.ExecuteNonQueryAsync();
            copy = $" template {Quoted(template)}";
        }
        var owner = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        await using NpgsqlCommand create = superuser.CreateCommand($"create database {name} owner {Quoted(owner.Username!)}{copy}");
        await create.ExecuteNonQueryAsync();

        // Many databases share one server: small pools that shrink soon.
        owner.Database = name;
        owner.MaxPoolSize = 20;
        owner.ConnectionIdleLifetime = 10;
        owner.ConnectionPruningInterval = 5;
        return owner.ConnectionString;
    }

    private static Task<EmbeddedPostgres> StartAsync() =>
        EmbeddedPostgres.StartAsync(
            Directory.CreateTempSubdirectory("imagerepo-test-").FullName,
            new EmbeddedPostgresOptions { Ephemeral = true, MaxConnections = 300 },
            NullLogger.Instance);

    private static async Task<string> MigrateAsync()
    {
        string database = await CreateDatabaseAsync();
        await using ServiceProvider services = new ServiceCollection().AddIdentitySchema().BuildServiceProvider();
        var options = new DbContextOptionsBuilder<ImageRepoDbContext>().UseApplicationServiceProvider(services).UseImageRepoConventions(database + ";Pooling=false");
        await using var db = new ImageRepoDbContext(options.Options, new OwnerScope());
        await db.Database.MigrateAsync();
        return database;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
