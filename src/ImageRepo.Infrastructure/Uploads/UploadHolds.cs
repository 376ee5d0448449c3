using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.Persistence;
using Npgsql;

namespace ImageRepo.Infrastructure.Uploads;

/// <summary>
/// Holds an upload while it is completed, by a lock of PostgreSQL that ends with the connection and so with the process that took it.
/// </summary>
internal sealed class UploadHolds(Database database)
{
    // Each keeps a connection, and needs others for its work: were all of the pool's taken, none could go on.
    private readonly SemaphoreSlim _places = new(8);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task<IAsyncDisposable> TakeAsync(UploadId id, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryTakeAsync(KeyOf(id.Value), cancellationToken) is { } hold)
            {
                return hold;
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>The random half of the id.</summary>
    public static long KeyOf(Guid id) => BitConverter.ToInt64(id.ToByteArray(), 8);

    private async Task<Hold?> TryTakeAsync(long key, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        NpgsqlConnection? connection = null;
        var isHeld = false;
        try
        {
            connection = await database.DataSource.OpenConnectionAsync(cancellationToken);
            await using var command = Command(connection, "select pg_try_advisory_lock($1)", key);
            isHeld = await command.ExecuteScalarAsync(cancellationToken) is true;
            return isHeld ? new Hold(this, connection, key) : null;
        }
        finally
        {
            if (!isHeld)
            {
                if (connection is not null)
                {
                    await connection.DisposeAsync();
                }
                _places.Release();
            }
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, long key) =>
        new(sql, connection) { Parameters = { new() { Value = key } } };

    private sealed class Hold(UploadHolds holds, NpgsqlConnection connection, long key) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using (connection)
                await using (var command = Command(connection, "select pg_advisory_unlock($1)", key))
                {
                    await command.ExecuteNonQueryAsync();
                }
            }
            finally
            {
                holds._places.Release();
            }
        }
    }
}
