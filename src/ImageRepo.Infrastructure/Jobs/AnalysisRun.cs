using ImageRepo.Domain;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Jobs;

/// <summary>One attempt to analyse one image, from its largest stored rendition.</summary>
internal sealed class AnalysisRun(
    ImageRepoDbContext db, OwnerScope scope, OwnerLock ownerLock, AnalysisJobs jobs, IImageLibrary library, IObjectStore store, IImageAnalyzer analyzer,
    ImageLimits limits, AnalysisJobOptions options, Outages outages, TimeProvider time, ILogger<AnalysisRun> logger)
{
    public async Task RunAsync(ClaimedJob job, CancellationToken cancellationToken)
    {
        scope.Enter(job.Owner);
        if (job.Attempt > options.MaxAttempts)
        {
            // The attempts before this one took their worker down with them, or they would have said why they failed.
            await EndAsync(job, image => image.FailAnalysis("The analysis was interrupted too often.", time.GetUtcNow()), cancellationToken);
            return;
        }
        Image? started = null;
        await InOneTransactionAsync(job, image => (started = image).StartAnalysis(), () => jobs.RenewAsync(job, cancellationToken), cancellationToken);
        if (started is not { } image)
        {
            return; // purged in the meantime, its job with it
        }
        try
        {
            var result = await AnalyzeAsync(image, cancellationToken);
            await EndAsync(job, i => i.CompleteAnalysis(result, limits, time.GetUtcNow()), cancellationToken);
        }
        catch (AnalysisFailedException failure)
        {
            await EndAsync(job, i => i.FailAnalysis(failure.Message, time.GetUtcNow()), cancellationToken);
        }
        catch (UnavailableException away) when (!cancellationToken.IsCancellationRequested)
        {
            // Not the picture's fault, and it may last: the attempt does not count. Who is away has logged what is wrong.
            await DeferAsync(job, away, cancellationToken);
        }
        catch (Exception failure) when (failure is not LeaseLostException && !cancellationToken.IsCancellationRequested)
        {
            if (outages.Of(failure) is null)
            {
                logger.LogWarning(failure, "Attempt {Attempt} to analyse image {ImageId} failed", job.Attempt, job.Image);
            }
            await PostponeAsync(job, cancellationToken);
        }
    }

    private async Task<AnalysisResult> AnalyzeAsync(Image image, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Timeout);
        var began = time.GetTimestamp();
        var largest = image.LargestRendition;
        await using var rendition = await store.OpenReadAsync(image.KeyOf(largest), timeout.Token)
            ?? throw new InvalidOperationException("The rendition to analyse is not in the store.");
        var facts = new PictureFacts(image.Width, image.Height, image.Colors, image.DominantColors, image.IsBlackAndWhite);
        var result = await analyzer.AnalyzeAsync(rendition.Content, facts, timeout.Token);
        return result with { Duration = time.GetElapsedTime(began) };
    }

    private async Task PostponeAsync(ClaimedJob job, CancellationToken cancellationToken)
    {
        if (job.Attempt >= options.MaxAttempts)
        {
            await EndAsync(job, i => i.FailAnalysis($"The analysis failed {job.Attempt} times.", time.GetUtcNow()), cancellationToken);
            return;
        }
        var delay = options.FirstRetry * Math.Pow(2, job.Attempt - 1);
        await InOneTransactionAsync(job, i => i.PostponeAnalysis("The last attempt failed; another follows."),
            () => jobs.RetryAsync(job, delay, cancellationToken), cancellationToken);
    }

    private Task DeferAsync(ClaimedJob job, UnavailableException away, CancellationToken cancellationToken)
    {
        var (reason, delay) = away is AnalyzerUnavailableException
            ? (away.Message, away.RetryAfter)
            : ("The store of images is away; another attempt follows.", options.FirstRetry);
        return InOneTransactionAsync(job, i => i.DeferAnalysis(reason), () => jobs.DeferAsync(job, delay, cancellationToken), cancellationToken);
    }

    private Task EndAsync(ClaimedJob job, Action<Image> change, CancellationToken cancellationToken) =>
        InOneTransactionAsync(job, change, () => jobs.FinishAsync(job, cancellationToken), cancellationToken);

    /// <summary>The image's new state and the job's, or neither: a job that lost its lease is another node's, and so is its image.</summary>
    private async Task InOneTransactionAsync(ClaimedJob job, Action<Image> change, Func<Task<bool>> changeJob, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Under the owner's lock, what the job says holds until the commit.
        try
        {
            await ownerLock.TakeAsync(job.Owner, cancellationToken);
        }
        catch (AccountGoneException)
        {
            throw new LeaseLostException(); // the account ended, and the job with it
        }
        if (!await changeJob())
        {
            throw new LeaseLostException();
        }
        await library.ChangeAsync(job.Owner, [job.Image], change, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>Another node has the job by now, or nobody has; what was done for it here is dropped.</summary>
internal sealed class LeaseLostException() : Exception("The lease on the job was lost.");
