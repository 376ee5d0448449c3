using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>Brings the server up on a cluster that exists.</summary>
internal sealed class PostgresLaunch(
    PostgresCluster cluster, PostgresBinaries binaries, ServerAccount? account, PostgresEndpoint endpoint, EmbeddedPostgresOptions options, ILogger logger)
{
    public async Task<(PostgresProcess Process, PostgresLog Log)> StartAsync(CancellationToken cancellationToken)
    {
        long giveUp = Environment.TickCount64 + (long)options.ServerTimeout.TotalMilliseconds;
        while (true)
        {
            await cluster.WaitUntilFreeAsync(options.ServerTimeout, logger, cancellationToken);
            var log = new PostgresLog(logger);
            PostgresProcess process = Launch(log);
            try
            {
                await Task.WhenAny(log.Ready, process.Exited).WaitAsync(options.ServerTimeout, cancellationToken);
                if (log.Ready.IsCompleted)
                {
                    return (process, log);
                }
            }
            catch (Exception e)
            {
                await process.DisposeAsync();
                if (e is TimeoutException)
                {
                    throw new EmbeddedPostgresException($"PostgreSQL was not ready within {options.ServerTimeout.TotalSeconds:0} s: {log.Tail}", e);
                }
                throw;
            }
            await process.DisposeAsync();

            // A killed server's children need a moment to notice and still hold its memory.
            bool earlierLeaves = log.Mentions("lock file \"postmaster.pid\"") || log.Mentions("pre-existing shared memory block");
            if (!earlierLeaves || Environment.TickCount64 >= giveUp)
            {
                throw new EmbeddedPostgresException($"PostgreSQL {binaries.Version} did not start on {cluster.Folder}: {log.Tail}");
            }
            await Task.Delay(200, cancellationToken);
        }
    }

    private PostgresProcess Launch(PostgresLog log)
    {
        var settings = new Dictionary<string, string>(endpoint.Listen())
        {
            ["cluster_name"] = "imagerepo",
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = "128MB",
            // Short queries alone: compiling them costs more than it gives.
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            // To the app's log, without the statements, which hold what people wrote.
            ["logging_collector"] = "off",
            ["log_destination"] = "stderr",
            ["log_line_prefix"] = "",
            ["log_min_error_statement"] = "panic",
            ["log_checkpoints"] = "off",
            ["lc_messages"] = "C",
        };
        if (options.Ephemeral)
        {
            settings["fsync"] = settings["synchronous_commit"] = settings["full_page_writes"] = "off";
        }
        IReadOnlyList<string> leftovers = options.Ephemeral ? [.. endpoint.Leftovers, Path.GetDirectoryName(cluster.Folder)!] : endpoint.Leftovers;
        IEnumerable<string> arguments = settings.SelectMany(s => new[] { "-c", $"{s.Key}={s.Value}" });
        return PostgresProcess.Start(binaries.Postgres, arguments, cluster.Folder, account, leftovers, log, options.ServerTimeout);
    }
}
