using System.Data;
using System.IO.Pipelines;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ImageRepo.Infrastructure.Backups;

/// <summary>
/// Writes the database as it is at one moment, and every object that it names then, into a folder, while the product runs
/// (docs/decisions/0014). A second backup into the same folder copies only objects that are new; the first stays good until it is done.
/// </summary>
public sealed class Backup
{
    private readonly Database _database;
    private readonly IServiceScopeFactory _scopes;
    private readonly IObjectStore _store;
    private readonly DataDirectory _data;
    private readonly MasterKeyRing _keys;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logging;

    internal Backup(Database database, IServiceScopeFactory scopes, IObjectStore store, DataDirectory data, MasterKeyRing keys, TimeProvider time, ILoggerFactory logging) =>
        (_database, _scopes, _store, _data, _keys, _time, _logging) = (database, scopes, store, data, keys, time, logging);

    /// <summary>The id of the key that restoring needs.</summary>
    public string KeyId => _keys.Current.ToString();

    /// <param name="path">An empty folder, or one with an earlier backup; made when it is not there.</param>
    /// <param name="progress">Told now and then how many objects are copied, of how many; one call at a time.</param>
    /// <exception cref="BackupException">It can't be made there or now.</exception>
    public async Task<BackupOutcome> MakeAsync(string path, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var folder = BackupFolder.Prepare(path, _data, _keys, _time, _logging);
        // Refuses the backup of another installation before anything of it is touched.
        _ = await folder.ReadManifestAsync(cancellationToken);
        await folder.ResealAsync(cancellationToken);

        await using var connection = await _database.OpenOwnAsync(cancellationToken);
        await DeletionHold.TakeAsync(connection, cancellationToken);
        var manifest = await DumpAsync(folder, connection, cancellationToken);
        var copy = new ObjectCopy(_store, folder.Store);
        var list = new ObjectList(folder, manifest);
        HashSet<long> kept = [];
        await foreach (var objects in list.ReadAsync(cancellationToken))
        {
            kept.UnionWith(objects.Select(o => Fingerprint(o.Key)));
            await copy.CopyAsync(objects, cancellationToken);
            progress(kept.Count, manifest.Objects);
        }
        await RequireHeldAsync(connection, cancellationToken);
        manifest = manifest with { Missing = [.. copy.Unreadable.Select(k => k.Value).Order(StringComparer.Ordinal)] };
        await folder.CompleteAsync(manifest, cancellationToken);
        await folder.RemoveAllButAsync(manifest, key => kept.Contains(Fingerprint(key)), cancellationToken);
        return new BackupOutcome(manifest.Tables.Sum(t => t.Rows), manifest.Objects - manifest.Missing.Count, copy.Copied, copy.Bytes, manifest.Missing);
    }

    /// <summary>All rows, and the list of objects, as one transaction sees them.</summary>
    private async Task<BackupManifest> DumpAsync(BackupFolder folder, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        db.Database.SetDbConnection(connection);
        await db.Database.UseTransactionAsync(transaction, cancellationToken);

        var tables = new TableCopy(connection);
        List<TableDump> dumps = [];
        foreach (var (name, columns) in await tables.TablesAsync(cancellationToken))
        {
            dumps.Add(await tables.DumpAsync(name, columns, rows => folder.WriteTextAsync(BackupFolder.KeyOfTable(id, name), rows, cancellationToken), cancellationToken));
        }
        var (objects, hash) = await WriteListAsync(db, folder, id, cancellationToken);
        var migration = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Last();
        return new BackupManifest(BackupManifest.CurrentFormat, id, _time.GetUtcNow(), ProductVersion, migration, dumps, objects, hash, []);
    }

    private static async Task<(long Count, string Hash)> WriteListAsync(ImageRepoDbContext db, BackupFolder folder, Guid id, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        var writing = WriteAsync();
        await using var lines = new MeasuredCopy(pipe.Reader.AsStream());
        await folder.WriteTextAsync(BackupFolder.KeyOfObjectList(id), lines, cancellationToken);
        await writing;
        return (lines.Lines, lines.Hash());

        async Task WriteAsync()
        {
            Exception? failure = null;
            try
            {
                await using var writer = new StreamWriter(pipe.Writer.AsStream(leaveOpen: true));
                await foreach (var page in ExpectedObjects.PagesAsync(db, cancellationToken))
                {
                    foreach (var image in page)
                    {
                        await ObjectList.WriteAsync(writer, image);
                    }
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
            // Told to the reader, whose put fails with it.
            await pipe.Writer.CompleteAsync(failure);
        }
    }

    /// <summary>A connection that was lost has let deletions go on.</summary>
    private static async Task RequireHeldAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException)
        {
            throw new BackupException("The connection to the database was lost while objects were copied, so that some may be missing: make the backup again. What is copied already is not copied anew.", failure);
        }
    }

    /// <summary>Eight bytes of each key: millions fit into memory, and two that are equal keep at worst an object too many.</summary>
    private static long Fingerprint(ObjectKey key) => BitConverter.ToInt64(SHA256.HashData(Encoding.ASCII.GetBytes(key.Value)));

    private static string ProductVersion => typeof(Backup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}

/// <param name="Rows">Of all tables.</param>
/// <param name="Objects">In the backup.</param>
/// <param name="Copied">Of those, the ones that no earlier backup in the folder had.</param>
/// <param name="Bytes">Of the copied ones.</param>
/// <param name="Missing">Keys of objects that the database names and that could not be read.</param>
public sealed record BackupOutcome(long Rows, long Objects, long Copied, long Bytes, IReadOnlyList<string> Missing);
