using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ImageRepo.Infrastructure.Backups;

/// <summary>
/// Brings a backup into an empty installation, whichever store that uses. The objects first, then all rows in one transaction: interrupted,
/// it leaves a database as empty as it was, and can be called again.
/// </summary>
public sealed class Restoration
{
    private readonly Database _database;
    private readonly IServiceScopeFactory _scopes;
    private readonly IObjectStore _store;
    private readonly MasterKeyRing _keys;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logging;

    internal Restoration(Database database, IServiceScopeFactory scopes, IObjectStore store, MasterKeyRing keys, TimeProvider time, ILoggerFactory logging) =>
        (_database, _scopes, _store, _keys, _time, _logging) = (database, scopes, store, keys, time, logging);

    /// <param name="path">The folder of the backup.</param>
    /// <param name="progress">Told now and then how many objects are copied, of how many.</param>
    /// <exception cref="BackupException">There is no whole backup, or it is another installation's, or this installation is not empty.</exception>
    public async Task<RestoreOutcome> RestoreAsync(string path, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var folder = BackupFolder.Open(path, _keys, _time, _logging);
        var manifest = await folder.ReadManifestAsync(cancellationToken)
            ?? throw new BackupException($"The backup in {Path.GetFullPath(path)} was interrupted before it was complete: make it again.");
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        await using var connection = await _database.OpenOwnAsync(cancellationToken);
        await RequireSuitableAsync(manifest, db, connection, cancellationToken);
        await RequireEmptyStoreAsync(folder, cancellationToken);
        await RequireWholeAsync(folder, manifest, cancellationToken);

        var copy = await CopyObjectsAsync(folder, manifest, progress, cancellationToken);
        await _database.MigrateAsync(manifest.Migration, cancellationToken);
        await LoadAsync(folder, manifest, connection, cancellationToken);
        await _database.MigrateAsync(target: null, cancellationToken);
        return new RestoreOutcome(manifest.MadeAt, manifest.Tables.Sum(t => t.Rows), manifest.Objects - manifest.Missing.Count, copy.Bytes, manifest.Missing);
    }

    private static async Task RequireSuitableAsync(BackupManifest manifest, ImageRepoDbContext db, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (manifest.Format != BackupManifest.CurrentFormat || !db.Database.GetMigrations().Contains(manifest.Migration))
        {
            throw new BackupException($"The backup was made by a newer version of ImageRepo ({manifest.Product}): restore it with that version or a newer one.");
        }
        var applied = await AppliedAsync(db, cancellationToken);
        if (applied.LastOrDefault() is { } last && string.CompareOrdinal(last, manifest.Migration) > 0)
        {
            throw new BackupException("The database has been used by a newer version of ImageRepo than the backup's: restore into a database that is empty; the product moves it on to its own version then.");
        }
        if (applied is not [] && (await db.Users.AnyAsync(cancellationToken) || await db.Images.IgnoreQueryFilters().AnyAsync(cancellationToken)))
        {
            throw new BackupException("The database is not empty: there are accounts in it. A backup is restored into a new installation alone.");
        }
        await using var listening = new NpgsqlCommand(
            "select exists (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %')", connection);
        if (await listening.ExecuteScalarAsync(cancellationToken) is true)
        {
            throw new BackupException("The product runs on this database: stop every node, then restore.");
        }
    }

    private static async Task<List<string>> AppliedAsync(ImageRepoDbContext db, CancellationToken cancellationToken) =>
        await Database.HasSchemaAsync(db, cancellationToken) ? [.. await db.Database.GetAppliedMigrationsAsync(cancellationToken)] : [];

    /// <summary>Objects that an interrupted restore of the same backup has left are welcome.</summary>
    private async Task RequireEmptyStoreAsync(BackupFolder folder, CancellationToken cancellationToken)
    {
        await foreach (var found in _store.ListAsync("", cancellationToken))
        {
            await using var copied = await folder.Store.OpenReadAsync(found.Key, cancellationToken);
            if (copied is null)
            {
                throw new BackupException($"The store is not empty: it holds {found.Key}, which the backup does not have. A backup is restored into a new installation alone.");
            }
        }
    }

    /// <summary>Before anything is changed: is all there that the manifest names?</summary>
    private static async Task RequireWholeAsync(BackupFolder folder, BackupManifest manifest, CancellationToken cancellationToken)
    {
        List<string> missing = [];
        foreach (var table in manifest.Tables)
        {
            await RequireAsync(BackupFolder.KeyOfTable(manifest.Id, table.Name));
        }
        var known = manifest.Missing.ToHashSet();
        await foreach (var page in new ObjectList(folder, manifest).ReadAsync(cancellationToken))
        {
            foreach (var listed in page.Where(l => !known.Contains(l.Key.Value)))
            {
                await RequireAsync(listed.Key);
            }
        }
        if (missing is not [])
        {
            throw new BackupException($"The backup is not whole: {missing.Count} of its files are missing, cut off or changed, among them {string.Join(", ", missing.Take(5))}. Nothing was restored.");
        }

        async Task RequireAsync(ObjectKey key)
        {
            try
            {
                await using var stored = await folder.Store.OpenReadAsync(key, cancellationToken);
                if (stored is null)
                {
                    missing.Add(key.Value);
                }
            }
            catch (InvalidDataException)
            {
                missing.Add(key.Value);
            }
        }
    }

    private async Task<ObjectCopy> CopyObjectsAsync(BackupFolder folder, BackupManifest manifest, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var copy = new ObjectCopy(folder.Store, _store);
        var known = manifest.Missing.ToHashSet();
        var done = 0L;
        await foreach (var page in new ObjectList(folder, manifest).ReadAsync(cancellationToken))
        {
            await copy.CopyAsync(page.Where(l => !known.Contains(l.Key.Value)), cancellationToken);
            progress(done += page.Count, manifest.Objects);
        }
        return copy.Unreadable.Count == 0 ? copy : throw new BackupException(
            $"{copy.Unreadable.Count} objects of the backup are damaged, among them {string.Join(", ", copy.Unreadable.Take(5))}. The database was not restored.");
    }

    private static async Task LoadAsync(BackupFolder folder, BackupManifest manifest, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var tables = new TableCopy(connection);
        // What a first start has put there: certificates, keys of sessions, the client of the command line.
        await tables.ClearAsync(cancellationToken);
        foreach (var table in manifest.Tables)
        {
            await using var stored = await folder.Store.OpenReadAsync(BackupFolder.KeyOfTable(manifest.Id, table.Name), cancellationToken)
                ?? throw new BackupException($"The rows of {table.Name} are not in the backup.");
            try
            {
                await tables.LoadAsync(table, stored.Content, cancellationToken);
            }
            catch (InvalidDataException failure)
            {
                throw new BackupException($"The rows of {table.Name} in the backup are damaged. Nothing was restored to the database.", failure);
            }
        }
        await tables.ResetSequencesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <param name="MadeAt">When the backup was made.</param>
/// <param name="Rows">Of all tables.</param>
/// <param name="Objects">That are in the store now.</param>
/// <param name="Bytes">Of the objects that were copied.</param>
/// <param name="Missing">Keys of objects that the backup does not have, since they could not be read when it was made.</param>
public sealed record RestoreOutcome(DateTimeOffset MadeAt, long Rows, long Objects, long Bytes, IReadOnlyList<string> Missing);
