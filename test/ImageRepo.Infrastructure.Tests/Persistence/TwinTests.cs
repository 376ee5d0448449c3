using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>Each upload asks whether its bytes are there already.</summary>
public sealed class TwinTests
{
    private const string TwinsIndex = "ix_image_owner_id_content_hash_twins";

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
        Assert.Equal((TwinsIndex, 0), read.Select(r => (r.Name, r.Rows)).Single());
        Assert.Equal(image.Id, twin?.Id);

        var (added, readByAdding) = await ReadByAsync(host, owner, library => AddAsync(library, InfrastructureHost.NewImage(owner)));

        Assert.False(added.IsDuplicate);
        Assert.Contains((TwinsIndex, 0L), readByAdding.Select(r => (r.Name, r.Rows)));
        Assert.All(readByAdding, r => Assert.InRange(r.Rows, 0, 20));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_twin_that_came_while_a_file_was_read_is_found_when_it_is_added(bool isTrashed)
    {
        await using var host = await InfrastructureHost.StartAsync();
        var (owner, hash) = (await host.NewOwnerAsync(), InfrastructureHost.NewHash());
        var first = await host.AddImageAsync(owner, hash: hash);
        if (isTrashed)
        {
            await host.LibraryAsync(owner, l => l.ChangeAsync(owner, [first.Id], i => i.Trash(DateTimeOffset.UtcNow), default));
        }

        var again = await host.LibraryAsync(owner, l => AddAsync(l, InfrastructureHost.NewImage(owner, hash: hash)));

        Assert.True(again.IsDuplicate);
        Assert.Equal(first.Id, again.Image.Id);
        Assert.False(again.Image.IsTrashed);
    }

    [Fact]
    public async Task Nothing_is_added_whose_objects_were_swept_away()
    {
        await using var host = await InfrastructureHost.StartAsync();
        var owner = await host.NewOwnerAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.LibraryAsync(owner, l => l.AddAsync(InfrastructureHost.NewImage(owner), default)));

        Assert.Equal(0, await host.QueryAsync(owner, db => db.Images.CountAsync()));
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

    private static async Task<UploadedImage> AddAsync(IImageLibrary library, Image image)
    {
        await library.ReserveAsync(image.OwnerId, image.Id, default);
        return await library.AddAsync(image, default);
    }

    private static Task<(Image? Twin, List<ManyImages.Reading> Read)> FindAsync(InfrastructureHost host, OwnerId owner, ContentHash hash) =>
        ReadByAsync(host, owner, library => library.FindTwinAsync(owner, hash, default));

    private static Task<(T Result, List<ManyImages.Reading> Read)> ReadByAsync<T>(InfrastructureHost host, OwnerId owner, Func<IImageLibrary, Task<T>> act) =>
        host.InScopeAsync(owner, async services =>
        {
            var db = services.GetRequiredService<ImageRepoDbContext>();
            await db.Database.OpenConnectionAsync();
            await db.Database.ExecuteSqlRawAsync("select pg_stat_force_next_flush()");
            await using var transaction = await db.Database.BeginTransactionAsync();
            var result = await act(services.GetRequiredService<IImageLibrary>());
            return (result, await db.Database.SqlQueryRaw<ManyImages.Reading>(ManyImages.Read).ToListAsync());
        });
}
