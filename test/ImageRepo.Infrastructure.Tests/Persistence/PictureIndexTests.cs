using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Persistence;

public sealed class PictureIndexTests
{
    /// <summary>What the planner believes of a table without rows depends on how it came to have none.</summary>
    [Theory]
    [InlineData("new")]
    [InlineData("analysed")]
    [InlineData("emptied")]
    [InlineData("others'")]
    public async Task A_search_planned_for_an_empty_library_reads_no_more_of_a_large_one_than_it_must(string library)
    {
        await using var host = await InfrastructureHost.StartAsync();
        var owner = await host.NewOwnerAsync();
        // The planner is told by nobody but the test.
        await host.QueryAsync(owner, db => db.Database.ExecuteSqlRawAsync("alter table image set (autovacuum_enabled = off)"));
        if (library == "emptied")
        {
            await host.AddImageAsync(owner);
            await host.QueryAsync(owner, db => db.Database.ExecuteSqlRawAsync(ManyImages.Add));
            await host.QueryAsync(owner, db => db.Database.ExecuteSqlRawAsync("delete from image"));
        }
        if (library == "others'")
        {
            for (var number = 0; number < 30; number++)
            {
                await host.AddImageAsync(await host.NewOwnerAsync());
            }
        }
        if (library != "new")
        {
            await host.QueryAsync(owner, db => db.Database.ExecuteSqlRawAsync("vacuum analyze image"));
        }
        var image = await host.AddImageAsync(owner);

        var read = await host.InScopeAsync(owner, async services =>
        {
            var db = services.GetRequiredService<ImageRepoDbContext>();
            var similar = services.GetRequiredService<ISimilarImages>();
            // One connection, to which the plan belongs.
            await db.Database.OpenConnectionAsync();
            Assert.Empty(await similar.FindAsync([(image.Id, 100, 0)], default));
            // Else the plan would be gone whenever the connection comes out of the pool again.
            Assert.Equal(1, await db.Database.SqlQueryRaw<int>("""select count(*)::int as "Value" from pg_prepared_statements where statement like '%similar_images%'""").SingleAsync());
            await db.Database.ExecuteSqlRawAsync(ManyImages.Add);
            // What was read until now is reported by this, or it might be counted below as well.
            await db.Database.ExecuteSqlRawAsync("select pg_stat_force_next_flush()");

            await using var transaction = await db.Database.BeginTransactionAsync();
            await similar.FindAsync([(image.Id, 100, 0)], default);
            return await db.Database.SqlQueryRaw<ManyImages.Reading>(ManyImages.Read).ToListAsync();
        });

        Assert.Equal(["ix_image_picture_band0", "ix_image_picture_band1", "ix_image_picture_band2", "ix_image_picture_band3", "pk_image"], read.Select(r => r.Name));
        Assert.All(read, r => Assert.InRange(r.Rows, 1, ManyImages.Count / 50));
    }

    [Fact]
    public async Task An_image_of_another_owner_is_similar_to_nothing_and_not_found()
    {
        await using var host = await InfrastructureHost.StartAsync();
        // PostgreSQL hashes both to the same, so that their images lie at the same places of the indexes.
        var (owner, stranger) = (await host.NewOwnerAsync("6097d8f3-7142-0574-0f30-debe1166744e"), await host.NewOwnerAsync("fac9d632-3fa4-8c6f-30ac-82f952d0fbaf"));
        Assert.True(await host.QueryAsync(owner, db => db.Database.SqlQuery<bool>($"""select uuid_hash({owner.Value}) = uuid_hash({stranger.Value}) as "Value" """).SingleAsync()));
        var (image, twin) = (await host.AddImageAsync(owner), await host.AddImageAsync(owner));
        await host.AddImageAsync(stranger);

        var own = await host.InScopeAsync(owner, s => s.GetRequiredService<ISimilarImages>().FindAsync([(image.Id, 100, 0)], default));
        var others = await host.InScopeAsync(stranger, s => s.GetRequiredService<ISimilarImages>().FindAsync([(image.Id, 100, 0)], default));

        Assert.Equal(twin.Id, Assert.Single(own[image.Id]).Image);
        Assert.Empty(others);
    }

    [Fact]
    public async Task The_function_goes_with_its_migration_and_comes_back()
    {
        await using var host = await InfrastructureHost.StartAsync();
        var owner = await host.NewOwnerAsync();
        var (image, twin) = (await host.AddImageAsync(owner), await host.AddImageAsync(owner));

        await host.QueryAsync(owner, async db =>
        {
            var migrator = db.GetService<IMigrator>();
            await migrator.MigrateAsync("20261125181614_Reanalysis");
            Assert.Equal(0, await db.Database.SqlQueryRaw<int>("""select count(*)::int as "Value" from pg_proc where proname = 'similar_images'""").SingleAsync());
            await migrator.MigrateAsync();
            return db;
        });

        var found = await host.InScopeAsync(owner, s => s.GetRequiredService<ISimilarImages>().FindAsync([(image.Id, 100, 0)], default));
        Assert.Equal(twin.Id, Assert.Single(found[image.Id]).Image);
    }
}
