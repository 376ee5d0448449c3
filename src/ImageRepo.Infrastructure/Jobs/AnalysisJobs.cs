using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Jobs;

/// <summary>The job that follows each upload.</summary>
internal static class AnalysisJobs
{
    public const string Kind = "analysis";

    /// <summary>What nodes LISTEN to; there is no payload, since the table says what is due.</summary>
    public const string Channel = "imagerepo_jobs";

    public static JobRow For(Image image, DateTimeOffset now) =>
        new() { Kind = Kind, OwnerId = image.OwnerId, ImageId = image.Id, RunAfter = now };

    /// <summary>Takes effect when the transaction commits.</summary>
    public static Task WakeWorkersAsync(ImageRepoDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"select pg_notify({Channel}, '')", cancellationToken);
}
