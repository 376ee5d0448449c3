using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>Each upload asks whether its bytes are there already.</summary>
public sealed class TwinTests
{
    /// <summary>A library grows much faster than the planner's idea of it, when a script fills it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Looking_for_a_twin_walks_neither_the_library_nor_its_trash(bool isAnalysed)
    {
        await using var host = await InfrastructureHost.StartAsync();
        var (owner, hash) = (await host.NewOwnerAsync(), InfrastructureHost.NewHash());
        await host.QueryAsync(owner, db => db.Database.ExecuteSqlRawAsync("alter table image set (autovacuum_enabled = off)"));
        var image = await host.AddImageAsync(owner, hash: hash);
        await host.QueryAsync(owner, db => db.Database.ExecuteSqlRawAsync(ManyImages.Add));
        await host.QueryAsync(owner, db => db.Database.ExecuteSqlAsync($"update image set deleted_at = now() where perceptual_hash < 0 and id <> {image.Id.Value}"));
        if (isAnalysed)
        {
            await host.QueryAsync(owner, db => db.Database.ExecuteSqlRawAsync("vacuum analyze image"));
        }

        var (none, read) = await FindAsync(host, owner, InfrastructureHost.NewHash());
        var (twin, _) = await FindAsync(host, owner, hash);

        Assert.Null(none);
        Assert.Equal(("ix_image_owner_id_content_hash_twins", 0), read.Select(r => (r.Name, r.Rows)).Single());
        Assert.Equal(image.Id, twin?.Id);
    }

    [Fact]
    public async Task A_twin_in_the_library_comes_before_those_in_the_trash()
    {
        await using var host = await InfrastructureHost.StartAsync();
        var (owner, hash) = (await host.NewOwnerAsync(), InfrastructureHost.NewHash());
        var first = await host.AddImageAsync(owner, hash: hash);
        await host.QueryAsync(owner, db => db.Database.ExecuteSqlRawAsync("update image set deleted_at = now()"));
        var (trashed, _) = await FindAsync(host, owner, hash);
        // The library itself would restore the first one.
        await host.QueryAsync(owner, db => db.Database.ExecuteSqlAsync($"update image set content_hash = {Convert.FromHexString(InfrastructureHost.NewHash().Value)}"));
        var second = await host.AddImageAsync(owner, hash: hash);
        await host.QueryAsync(owner, db => db.Database.ExecuteSqlAsync($"update image set content_hash = {Convert.FromHexString(hash.Value)}"));

        var (twin, _) = await FindAsync(host, owner, hash);

        Assert.Equal(first.Id, trashed?.Id);
        Assert.True(trashed?.IsTrashed);
        Assert.Equal(second.Id, twin?.Id);
    }

    private static Task<(Image? Twin, List<ManyImages.Reading> Read)> FindAsync(InfrastructureHost host, OwnerId owner, ContentHash hash) =>
        host.InScopeAsync(owner, async services =>
        {
            var db = services.GetRequiredService<ImageRepoDbContext>();
            await db.Database.OpenConnectionAsync();
            await db.Database.ExecuteSqlRawAsync("select pg_stat_force_next_flush()");
            await using var transaction = await db.Database.BeginTransactionAsync();
            var twin = await services.GetRequiredService<IImageLibrary>().FindTwinAsync(owner, hash, default);
            return (twin, await db.Database.SqlQueryRaw<ManyImages.Reading>(ManyImages.Read).ToListAsync());
        });
}
