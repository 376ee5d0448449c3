using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Jobs;

/// <summary>
/// The jobs that follow uploads: rows that any node may claim. A claim hides the row until its lease runs out, unless the lease is
/// renewed, so the work of a node that died is taken up by another. All times are the database's, since nodes' clocks differ.
/// </summary>
internal sealed class AnalysisJobs(ImageRepoDbContext db)
{
    public const string Kind = "analysis";

    /// <summary>What nodes LISTEN to; there is no payload, since the table says what is due.</summary>
    public const string Channel = "imagerepo_jobs";

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>A new job, due at once and before every retry.</summary>
    public static JobRow For(Image image) =>
        new() { Kind = Kind, OwnerId = image.OwnerId, ImageId = image.Id, RunAfter = DateTimeOffset.UnixEpoch };

    /// <summary>Wakes the workers when the transaction commits.</summary>
    public static FormattableString Wake => $"select pg_notify({Channel}, '')";

    /// <summary>The job that is due longest and that nobody works on, or null. Its attempt is counted with the claim.</summary>
    public async Task<ClaimedJob?> ClaimAsync(CancellationToken cancellationToken)
    {
        var lease = Guid.NewGuid();
        var claimed = await db.Database.SqlQuery<ClaimedRow>($"""
            update job set lease = {lease}, run_after = now() + {Lease}, attempts = attempts + 1
            where id = (select id from job where kind = {Kind} and run_after <= now() order by run_after, id for update skip locked limit 1)
            returning id, owner_id, image_id, attempts
            """).ToListAsync(cancellationToken);
        return claimed is [var row] ? new ClaimedJob(row.Id, lease, new OwnerId(row.OwnerId), new ImageId(row.ImageId), row.Attempts) : null;
    }

    /// <summary>False when the lease is lost: another node has the job now.</summary>
    public async Task<bool> RenewAsync(ClaimedJob job, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync($"update job set run_after = now() + {Lease} where id = {job.Id} and lease = {job.Lease}", cancellationToken) == 1;

    /// <inheritdoc cref="RenewAsync"/>
    public async Task<bool> FinishAsync(ClaimedJob job, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync($"delete from job where id = {job.Id} and lease = {job.Lease}", cancellationToken) == 1;

    /// <inheritdoc cref="RenewAsync"/>
    public async Task<bool> RetryAsync(ClaimedJob job, TimeSpan delay, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync($"update job set run_after = now() + {delay}, lease = null where id = {job.Id} and lease = {job.Lease}", cancellationToken) == 1;

    /// <summary>Gives the job back untried for later.</summary>
    /// <inheritdoc cref="RenewAsync"/>
    public async Task<bool> DeferAsync(ClaimedJob job, TimeSpan delay, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync(
        $"update job set run_after = now() + {delay}, lease = null, attempts = attempts - 1 where id = {job.Id} and lease = {job.Lease}", cancellationToken) == 1;

    /// <summary>Gives the job back untried: this node stops.</summary>
    public async Task ReleaseAsync(ClaimedJob job) => await db.Database.ExecuteSqlAsync(
        $"update job set run_after = 'epoch', lease = null, attempts = attempts - 1 where id = {job.Id} and lease = {job.Lease}", CancellationToken.None);

    private sealed record ClaimedRow(long Id, Guid OwnerId, Guid ImageId, int Attempts);
}

/// <param name="Attempt">1 for the first.</param>
internal sealed record ClaimedJob(long Id, Guid Lease, OwnerId Owner, ImageId Image, int Attempt);
