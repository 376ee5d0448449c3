using System.Linq.Expressions;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Jobs;

/// <summary>
/// A wish for all images is a row, of which idle workers make jobs, a batch at a time: so uploads always come first, no transaction holds an
/// owner for long, and however often somebody asks, there is one wish of his.
/// </summary>
internal sealed class Reanalyses(ImageRepoDbContext db, OwnerScope scope, OwnerLock ownerLock, IImageLibrary library, IImageAnalyzer analyzer, TimeProvider time) : IReanalyses
{
    public const int BatchSize = 100;

    public async Task<BulkResult<ImageId>> AskAsync(OwnerId owner, IReadOnlyCollection<ImageId> ids, ReanalysisChoice choice, bool isDryRun, CancellationToken cancellationToken)
    {
        var analyzedBefore = choice.AnalyzedBefore ?? DateTimeOffset.MaxValue;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var asked = await AskAsync(owner, ids, Chosen(analyzedBefore, choice.IsOutdated ? analyzer.Name : null).Compile(preferInterpretation: true), cancellationToken);
        if (!isDryRun)
        {
            await transaction.CommitAsync(cancellationToken);
        }
        return asked;
    }

    public async Task<int> AskForAllAsync(OwnerId owner, ReanalysisChoice choice, CancellationToken cancellationToken)
    {
        var count = await CountAsync(owner, choice, cancellationToken);
        if (count == 0)
        {
            return 0;
        }
        var now = time.GetUtcNow();
        // What is analysed from now on is as new as can be.
        var before = choice.AnalyzedBefore is { } given && given < now ? given.ToUniversalTime() : now;
        var outdatedBy = choice.IsOutdated ? analyzer.Name : null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Not while a worker makes jobs of the wish before: it would move this one on by the other's place, or end it.
        await ownerLock.TakeAsync(owner, cancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            insert into reanalysis (owner_id, requested_at, turn_at, analyzed_before, outdated_by, below_id, total, asked)
            values ({owner.Value}, {now}, {now}, {before}, {outdatedBy}, {Guid.AllBitsSet}, {count}, 0)
            on conflict (owner_id) do update set requested_at = excluded.requested_at, analyzed_before = excluded.analyzed_before,
                outdated_by = excluded.outdated_by, below_id = excluded.below_id, total = excluded.total, asked = 0
            """, cancellationToken);
        await db.Database.ExecuteSqlAsync(AnalysisJobs.Wake, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    public async Task<int> CountAsync(OwnerId owner, ReanalysisChoice choice, CancellationToken cancellationToken)
    {
        scope.Enter(owner);
        return await All(choice.AnalyzedBefore ?? DateTimeOffset.MaxValue, choice.IsOutdated ? analyzer.Name : null).CountAsync(cancellationToken);
    }

    public async Task<ReanalysisProgress?> ProgressAsync(OwnerId owner, CancellationToken cancellationToken)
    {
        scope.Enter(owner);
        return await db.Set<ReanalysisRow>().AsNoTracking().Where(r => r.OwnerId == owner)
            .Select(r => new ReanalysisProgress(r.RequestedAt, r.Total, Math.Max(0, r.Total - r.Asked))).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Makes the next jobs of the owner whose turn is longest ago. False when nobody asked for any.</summary>
    public async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        // Looked up without a lock: the owner's comes first everywhere.
        var next = await db.Set<ReanalysisRow>().AsNoTracking().OrderBy(r => r.TurnAt).Select(r => (OwnerId?)r.OwnerId).FirstOrDefaultAsync(cancellationToken);
        if (next is not { } owner)
        {
            return false;
        }
        scope.Enter(owner);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await ownerLock.TakeAsync(owner, cancellationToken);
        }
        catch (AccountGoneException)
        {
            return true; // and the wish with it: on to the next
        }
        if (await db.Set<ReanalysisRow>().AsNoTracking().SingleOrDefaultAsync(r => r.OwnerId == owner, cancellationToken) is { } wish)
        {
            await FillAsync(wish, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task FillAsync(ReanalysisRow wish, CancellationToken cancellationToken)
    {
        var ids = await All(wish.AnalyzedBefore, wish.OutdatedBy).Where(i => i.Id < wish.BelowId)
            .OrderByDescending(i => i.Id).Select(i => i.Id).Take(BatchSize).ToListAsync(cancellationToken);
        await AskAsync(wish.OwnerId, ids, _ => true, cancellationToken);
        if (ids.Count < BatchSize)
        {
            await db.Set<ReanalysisRow>().Where(r => r.OwnerId == wish.OwnerId).ExecuteDeleteAsync(cancellationToken);
            return;
        }
        var (owner, last, now) = (wish.OwnerId.Value, ids[^1].Value, time.GetUtcNow());
        await db.Database.ExecuteSqlAsync($"update reanalysis set below_id = {last}, asked = asked + {ids.Count}, turn_at = {now} where owner_id = {owner}", cancellationToken);
    }

    /// <summary>Images and jobs together, in the caller's transaction.</summary>
    private async Task<BulkResult<ImageId>> AskAsync(OwnerId owner, IReadOnlyCollection<ImageId> ids, Func<Image, bool> isChosen, CancellationToken cancellationToken)
    {
        List<ImageId> asked = [];
        var changed = await library.ChangeAsync(owner, ids, image =>
        {
            if (isChosen(image) && image.RequestAnalysis())
            {
                asked.Add(image.Id);
            }
        }, cancellationToken);
        // Due after every upload that nobody has tried yet.
        await db.Database.ExecuteSqlAsync($"""
            insert into job (kind, owner_id, image_id, run_after, attempts)
            select {AnalysisJobs.Kind}, {owner.Value}, id, now(), 0 from unnest({asked.Select(id => id.Value).ToArray()}) id on conflict (image_id, kind) do nothing
            """, cancellationToken);
        await db.Database.ExecuteSqlAsync(AnalysisJobs.Wake, cancellationToken);
        return new BulkResult<ImageId>(asked, changed.Errors);
    }

    private IQueryable<Image> All(DateTimeOffset analyzedBefore, string? outdatedBy) => db.Images.Where(i => i.DeletedAt == null).Where(Chosen(analyzedBefore, outdatedBy));

    private static Expression<Func<Image, bool>> Chosen(DateTimeOffset analyzedBefore, string? outdatedBy) => i =>
        (i.Analysis.Status == AnalysisStatus.Completed || i.Analysis.Status == AnalysisStatus.Failed)
        && (i.Analysis.AnalyzedAt == null || i.Analysis.AnalyzedAt < analyzedBefore)
        && (outdatedBy == null || i.Analysis.Analyzer != outdatedBy);
}
