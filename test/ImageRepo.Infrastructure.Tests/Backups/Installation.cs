using System.Security.Cryptography;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Backups;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ImageRepo.Infrastructure.Tests.Backups;

/// <summary>What a command line sees of an installation: its settings and its database, nothing of it started.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _folder;

    private Installation(IHost host, string folder, string connectionString) => (_host, _folder, ConnectionString) = (host, folder, connectionString);

    public string ConnectionString { get; }

    public IObjectStore Store => _host.Services.GetRequiredService<IObjectStore>();

    public IServiceProvider Services => _host.Services;

    /// <summary>A new one: an empty database, an empty store.</summary>
    public static async Task<Installation> NewAsync(Store store, string masterKey, string? connectionString = null)
    {
        connectionString ??= await PostgresServer.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("imagerepo-test-").FullName;
        var storage = store == Testing.Store.S3 ? await S3Server.CreateBucketAsync() : [];
        var host = InfrastructureHost.Build(connectionString, folder, new ScriptedAnalyzer(), settings: [.. storage.Select(s => (s.Key, s.Value!)), ("Encryption:MasterKey", masterKey)]);
        await host.Services.GetRequiredService<Database>().OpenForCommandAsync(migrate: false, default);
        return new Installation(host, folder, connectionString);
    }

    public Task<RestoreOutcome> RestoreAsync(string backup) => _host.Services.GetRequiredService<Restoration>().RestoreAsync(backup, (_, _) => { }, default);

    public Task StartAsync() => _host.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Every row of every table.</summary>
    public static async Task<Dictionary<string, List<string>>> RowsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var copy = new TableCopy(connection);
        Dictionary<string, List<string>> rows = [];
        foreach (var (table, columns) in await copy.TablesAsync(default))
        {
            using var text = new MemoryStream();
            await copy.DumpAsync(table, columns, content => content.CopyToAsync(text), default);
            rows[table] = [.. System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n').Order(StringComparer.Ordinal)];
        }
        return rows;
    }

    /// <summary>The SHA-256 of every object, by key.</summary>
    public static async Task<SortedDictionary<string, string>> ObjectsAsync(IObjectStore store)
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        await foreach (var found in store.ListAsync("", default))
        {
            await using var stored = await store.OpenReadAsync(found.Key, default);
            if (stored is not null)
            {
                hashes[found.Key.Value] = $"{stored.ContentType} {Convert.ToHexString(await SHA256.HashDataAsync(stored.Content))}";
            }
        }
        return hashes;
    }

    /// <summary>A real photo by the way of every upload.</summary>
    public static async Task<Image> UploadAsync(InfrastructureHost host, OwnerId owner) => (await host.InScopeAsync(owner, async services =>
    {
        var uploader = services.GetRequiredService<ImageUploader>();
        using var photo = new MemoryStream(Photos.Variant(Photos.PathOf("giraffe.jpg")));
        return await uploader.UploadAsync(await uploader.StageAsync(owner, "giraffe.jpg", photo, default), UploadDetails.Parse(null, "A giraffe; its \\ and\ttab\nare copied too", ["kept"], new ImageLimits()), default);
    })).Image;
}
