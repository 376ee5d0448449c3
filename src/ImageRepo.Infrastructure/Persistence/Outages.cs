using ImageRepo.Domain;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>
/// Tells a service that is away from a defect, wherever a request or a job ends. The database's failures come from everywhere, in whatever EF
/// and OpenIddict wrap them; they are told apart there, and not where they begin, since within a transaction they are no refusal of the domain.
/// </summary>
public sealed class Outages(TimeProvider time, ILogger<Outages> logger)
{
    /// <summary>One line in the log for so long, however many requests fail.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private long _quietUntil = long.MinValue;

    /// <summary>What to tell whoever asked; null when the failure is of another kind.</summary>
    public UnavailableException? Of(Exception failure)
    {
        if (failure is UnavailableException known)
        {
            return known;
        }
        if (CauseOf(failure) is not { } cause)
        {
            return null;
        }
        Log(cause);
        return new DatabaseUnavailableException(failure);
    }

    private static NpgsqlException? CauseOf(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is NpgsqlException database)
            {
                return IsAway(database) ? database : null;
            }
        }
        return null;
    }

    /// <summary>Transient is more than that to Npgsql: a deadlock is too, and is a defect.</summary>
    private static bool IsAway(NpgsqlException failure) => failure is PostgresException { SqlState: var state }
        ? state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            || state.StartsWith("08", StringComparison.Ordinal) // the connection
            || state.StartsWith("53", StringComparison.Ordinal) // connections, memory or disk are used up
        : failure.IsTransient;

    private void Log(NpgsqlException cause)
    {
        var (now, until) = (time.GetTimestamp(), Volatile.Read(ref _quietUntil));
        var next = now + (long)(Quiet.TotalSeconds * time.TimestampFrequency);
        if (now >= until && Interlocked.CompareExchange(ref _quietUntil, next, until) == until)
        {
            if (IsPoolUsedUp(cause))
            {
                // A crowd is no fault of the installation's.
                logger.LogWarning("Too many wait for a connection to the database: {Problem}", cause.Message);
            }
            else
            {
                logger.LogError("The database can't be reached: {Problem}", (cause.InnerException ?? cause).Message);
            }
        }
    }

    /// <summary>Told from a server that does not answer, or is too slow, by Npgsql's words alone: all three are time-outs to it.</summary>
    private static bool IsPoolUsedUp(NpgsqlException cause) =>
        cause.InnerException is TimeoutException && cause.Message.StartsWith("The connection pool has been exhausted", StringComparison.Ordinal);
}
