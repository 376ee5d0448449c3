using Npgsql;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>The private server of an app that runs, for commands on the same data folder.</summary>
internal static class RunningPostgres
{
    /// <summary>Few, since the app's own pool nearly fills the server.</summary>
    private const int Connections = 5;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    /// <returns>The connection string; null when no app uses the data folder. An app that is just starting or ending is waited for.</returns>
    /// <exception cref="EmbeddedPostgresException">One uses it, but its server can't be reached from here; the message says why.</exception>
    public static async Task<string?> FindAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        long giveUp = Environment.TickCount64 + (long)StartTimeout.TotalMilliseconds;
        while (DataDirectoryLock.IsHeld(dataDirectory))
        {
            if (Endpoint(dataDirectory) is { } endpoint && await ConnectAsync(endpoint, dataDirectory, cancellationToken) is { } connectionString)
            {
                return connectionString;
            }
            if (Environment.TickCount64 >= giveUp)
            {
                throw new EmbeddedPostgresException(
                    $"The data folder {dataDirectory} is in use by {DataDirectoryLock.Holder(dataDirectory)}, which runs no PostgreSQL server that answers: stop it, or try again.");
            }
            await Task.Delay(200, cancellationToken);
        }
        return null;
    }

    private static PostgresEndpoint? Endpoint(string dataDirectory)
    {
        try
        {
            return PostmasterFile.Read(new PostgresCluster(dataDirectory).Folder) switch
            {
                { IsReady: true, Port: { } port } when OperatingSystem.IsWindows() => LoopbackEndpoint.Of(dataDirectory, port),
                { IsReady: true, SocketFolder: { Length: > 0 } folder } server when server.IsRunning() => SocketEndpoint.Of(folder),
                _ => null,
            };
        }
        catch (UnauthorizedAccessException e)
        {
            throw OfAnotherAccount(dataDirectory, e);
        }
    }

    /// <returns>Null when the server has just ended, or goes down.</returns>
    private static async Task<string?> ConnectAsync(PostgresEndpoint endpoint, string dataDirectory, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder settings = endpoint.Connect(EmbeddedPostgres.Database, EmbeddedPostgres.Database);
        settings.MaxPoolSize = Connections;
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString + ";Pooling=false");
            await connection.OpenAsync(cancellationToken);
            return settings.ConnectionString;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidPassword)
        {
            throw OfAnotherAccount(dataDirectory, e);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.CannotConnectNow)
        {
            return null; // A first start that has not made it yet, or an end.
        }
        catch (NpgsqlException e) when (e.InnerException is System.Net.Sockets.SocketException or IOException)
        {
            return null;
        }
    }

    private static EmbeddedPostgresException OfAnotherAccount(string dataDirectory, Exception cause) =>
        new($"The app on the data folder {dataDirectory} runs under another account than {Environment.UserName}: run the command as that one.", cause);
}
