using ImageRepo.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>Counts again from the images themselves what the index tables say.</summary>
internal static class Counters
{
    public static Task AssertTrueAsync(InfrastructureHost host, OwnerId owner) => host.QueryAsync(owner, async db =>
    {
        // One moment for all, since analyses go on meanwhile.
        await using var moment = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var images = await db.Images.ToListAsync();
        var living = images.Where(i => !i.IsTrashed).ToList();
        var trashed = images.Where(i => i.IsTrashed).ToList();

        var totals = await db.OwnerCounts.SingleAsync();
        Assert.Equal((living.Count, living.Sum(i => i.ByteSize)), (totals.Images, totals.Bytes));
        Assert.Equal((trashed.Count, trashed.Sum(i => i.ByteSize)), (totals.TrashedImages, totals.TrashedBytes));

        var rows = await db.ImageTags.Select(t => new { t.ImageId, t.Tag!.Name, t.Source }).ToListAsync();
        Assert.Equal(
            living.SelectMany(i => i.Tags.Select(t => $"{i.Id} {t.Name} {t.Source}")).Order(),
            rows.Select(r => $"{r.ImageId} {r.Name} {r.Source}").Order());
        Assert.Equal(
            living.SelectMany(i => i.Tags).GroupBy(t => t.Name.Value).ToDictionary(g => g.Key, g => g.Count()),
            (await db.OwnerTagCounts.Select(c => new { c.Tag!.Name, c.Count }).ToListAsync()).ToDictionary(c => c.Name.Value, c => c.Count));

        Assert.Equal(living.Sum(i => i.Colors.Count), await db.ImageColors.CountAsync());
        Assert.Equal(
            living.SelectMany(i => i.Colors.Select(c => c.Name).Distinct()).GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count()),
            await db.OwnerColorCounts.ToDictionaryAsync(c => c.Name, c => c.Count));
        Assert.Equal(
            living.GroupBy(i => (i.TakenAt ?? i.UploadedAt).UtcDateTime.Year).ToDictionary(g => g.Key, g => g.Count()),
            await db.OwnerYearCounts.ToDictionaryAsync(c => c.Year, c => c.Count));
        return true;
    });
}
