using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>The folder with the databases. It exists whole or not at all: it is made under another name and renamed.</summary>
internal sealed class PostgresCluster(string dataDirectory)
{
    // The first locale that the machine has: C.UTF-8 sorts the same everywhere; older macOS lacks it.
    private static readonly string[] Locales = ["C.UTF-8", "en_US.UTF-8", "C"];

    public string Folder { get; } = Path.Combine(dataDirectory, "postgres");

    /// <summary>The version that made it; null when there is none yet.</summary>
    public int? Major =>
        File.Exists(Path.Combine(Folder, "PG_VERSION"))
            ? int.Parse(File.ReadAllText(Path.Combine(Folder, "PG_VERSION")), CultureInfo.InvariantCulture)
            : null;

    public async Task InitializeAsync(PostgresBinaries binaries, ServerAccount? account, PostgresEndpoint endpoint, bool durable, CancellationToken cancellationToken)
    {
        RemoveIfEmpty();
        foreach (string unfinished in Directory.EnumerateDirectories(dataDirectory, "postgres.new-*"))
        {
            await RemoveAsync(unfinished, cancellationToken);
        }

        string made = Path.Combine(dataDirectory, $"postgres.new-{Guid.NewGuid():N}");
        foreach (string locale in Locales)
        {
            PrivateFiles.CreateDirectory(made);
            if (!OperatingSystem.IsWindows() && account is not null)
            {
                LibC.ChangeOwner(made, account);
            }
            List<string> arguments = ["--username=postgres", "--encoding=UTF8", $"--locale={locale}", "--data-checksums", "--no-instructions", .. endpoint.InitDbArguments];
            if (binaries.Major >= 17 && locale == Locales[0])
            {
                // Its own C.UTF-8: no operating system's update can change the order in an index.
                arguments.Add("--locale-provider=builtin");
            }
            if (!durable)
            {
                arguments.Add("--no-sync");
            }
            var log = new PostgresLog(null);
            await using PostgresProcess initDb = PostgresProcess.Start(binaries.InitDb, arguments, made, account, [], log);
            if (await initDb.Exited.WaitAsync(cancellationToken) == 0)
            {
                Directory.Move(made, Folder);
                return;
            }
            if (locale == Locales[^1] || !log.Tail.Contains("locale", StringComparison.Ordinal))
            {
                await RemoveAsync(made, cancellationToken);
                throw new EmbeddedPostgresException($"PostgreSQL {binaries.Version} could not make a database in {dataDirectory}: {log.Tail}");
            }
            await RemoveAsync(made, cancellationToken);
        }
    }

    /// <summary>
    /// Waits while the server of an app that was killed is still shutting down. Called with the data directory's lock held, so no other app
    /// owns that server.
    /// </summary>
    public async Task WaitUntilFreeAsync(TimeSpan timeout, ILogger logger, CancellationToken cancellationToken)
    {
        long giveUp = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        int announced = 0;
        while (PostmasterFile.Read(Folder) is { } earlier)
        {
            if (!earlier.IsRunning())
            {
                // After a reboot the number may belong to something else, which PostgreSQL would take for a running server.
                earlier.RemoveIfNumberWasReused();
                return;
            }
            if (announced != earlier.ProcessId)
            {
                announced = earlier.ProcessId;
                logger.LogInformation("Waiting for the PostgreSQL server of an earlier run to end (process {ProcessId})", earlier.ProcessId);
                earlier.AskToEndIfOurs();
            }
            if (Environment.TickCount64 >= giveUp)
            {
                throw new EmbeddedPostgresException($"A PostgreSQL server still runs on {Folder} (process {earlier.ProcessId}): wait for it to end, or end it with kill -INT {earlier.ProcessId}.");
            }
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>An empty folder (a fresh volume's) gives way; anything else is somebody's.</summary>
    private void RemoveIfEmpty()
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }
        try
        {
            Directory.Delete(Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException($"{Folder} is there but holds no PostgreSQL database that {Environment.UserName} can read: start the app as the folder's owner, or move the folder away.", e);
        }
    }

    private static async Task RemoveAsync(string folder, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 20)
            {
                // An initdb whose app was killed may still be writing its last files.
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
