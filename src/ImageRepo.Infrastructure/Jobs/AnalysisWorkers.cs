using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Jobs;

/// <summary>Takes jobs as long as there are any, a few at a time, then waits for the signal.</summary>
internal sealed class AnalysisWorkers(
    IServiceScopeFactory scopes, JobSignal signal, NodeRoles roles, AnalysisJobOptions options, IImageAnalyzer analyzer, Outages outages,
    ILogger<AnalysisWorkers> logger) : BackgroundService
{
    /// <summary>How often the table is looked at though nobody called: for retries and for jobs of nodes that died.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, roles.IsWorker ? options.Workers : 0).Select(_ => Task.Run(() => WorkAsync(stoppingToken), stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wake = signal.Next;
            try
            {
                // While the analyzer wants to be left alone, jobs stay where they are, for other nodes too.
                if (analyzer.Pause <= TimeSpan.Zero && await WorkOnceAsync(stoppingToken))
                {
                    continue;
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // A worker outlives a database that is away for a while; the job stays and is claimed again.
                if (outages.Of(failure) is null)
                {
                    logger.LogError(failure, "A job could not be carried out");
                }
            }
            var pause = analyzer.Pause;
            await Task.WhenAny(wake, Task.Delay(pause > TimeSpan.Zero && pause < Patience ? pause : Patience, stoppingToken));
        }
    }

    /// <summary>False when there is nothing to do.</summary>
    private async Task<bool> WorkOnceAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var jobs = scope.ServiceProvider.GetRequiredService<AnalysisJobs>();
        if (await jobs.ClaimAsync(stoppingToken) is not { } job)
        {
            return await scope.ServiceProvider.GetRequiredService<Reanalyses>().FillAsync(stoppingToken);
        }
        using var lease = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var renewal = RenewAsync(job, lease);
        try
        {
            await scope.ServiceProvider.GetRequiredService<AnalysisRun>().RunAsync(job, lease.Token);
        }
        catch (Exception lost) when (lost is LeaseLostException || (lost is OperationCanceledException && lease.IsCancellationRequested && !stoppingToken.IsCancellationRequested))
        {
            logger.LogInformation("The job of image {ImageId} is another node's by now; what was done for it here is dropped", job.Image);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await using var last = scopes.CreateAsyncScope();
            await last.ServiceProvider.GetRequiredService<AnalysisJobs>().ReleaseAsync(job);
        }
        finally
        {
            await lease.CancelAsync();
            await renewal;
        }
        return true;
    }

    /// <summary>Keeps the lease while the work goes on; cancels the work when the lease is lost.</summary>
    private async Task RenewAsync(ClaimedJob job, CancellationTokenSource lease)
    {
        using var timer = new PeriodicTimer(AnalysisJobs.Lease / 3);
        while (!lease.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(lease.Token);
                await using var scope = scopes.CreateAsyncScope();
                if (!await scope.ServiceProvider.GetRequiredService<AnalysisJobs>().RenewAsync(job, lease.Token))
                {
                    await lease.CancelAsync();
                }
            }
            catch (OperationCanceledException) when (lease.IsCancellationRequested)
            {
                // The work is done.
            }
            catch (Exception failure) when (outages.Of(failure) is not null)
            {
                // Said already; there is time for two more before the lease runs out.
            }
            catch (Exception failure)
            {
                // There is time for two more before the lease runs out.
                logger.LogWarning(failure, "The lease on the job of image {ImageId} could not be renewed", job.Image);
            }
        }
    }
}
