using System.Security.Cryptography;
using System.Text;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageRepo.Infrastructure.Backups;

/// <summary>
/// While a backup copies objects, no node deletes any that an image had: the rows go, the objects wait for the sweeper. So the store holds
/// all that the backup's view of the database names (docs/decisions/0014). A lock of PostgreSQL, which ends with its connection, whatever
/// happens to the process.
/// </summary>
internal static class DeletionHold
{
    private static readonly long Key = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes("ImageRepo backups")));

    /// <summary>
    /// Asked in the transaction in which objects are deleted, before the first is: false while a backup runs. A backup that begins
    /// afterwards waits for the transaction's end.
    /// </summary>
    public static async Task<bool> AllowsDeletingAsync(ImageRepoDbContext db, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock_shared({Key}) as \"Value\"").ToListAsync(cancellationToken)).Single();

    /// <summary>From when this returns until the connection closes. Waits for deletions that are under way.</summary>
    /// <exception cref="BackupException">Another backup runs.</exception>
    public static async Task TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Before the backup looks at the database: what it sees then can't have been deleted in between.
        await using var command = new NpgsqlCommand($"set lock_timeout = '60s'; select pg_advisory_lock({Key}); reset lock_timeout", connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new BackupException("Another backup is running: wait for its end.", e);
        }
    }
}
