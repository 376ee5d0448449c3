using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Tests.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Jobs;

public sealed class SweeperTests
{
    [Fact]
    public async Task What_a_crash_left_is_cleared_away_and_what_belongs_to_an_image_stays()
    {
        var clock = new ShiftedClock();
        await using var host = await InfrastructureHost.StartAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        var image = await host.AddImageAsync(await host.NewOwnerAsync());
        var abandoned = await host.InScopeAsync(image.OwnerId, s => s.GetRequiredService<ImageUploader>()
            .StageAsync(image.OwnerId, "half.gif", new MemoryStream([.. "GIF89a"u8, .. new byte[500]]), default));
        var orphan = ObjectKey.Original(abandoned.OwnerId, abandoned.ImageId);
        var store = host.Services.GetRequiredService<IObjectStore>();
        var sweeper = host.Services.GetRequiredService<Sweeper>();

        await sweeper.SweepAsync(default);
        Assert.NotNull(await LengthAsync(store, orphan));

        clock.Shift = Sweeper.Grace + TimeSpan.FromMinutes(1);
        await sweeper.SweepAsync(default);
        Assert.Null(await LengthAsync(store, orphan));
        Assert.NotNull(await LengthAsync(store, image.OriginalKey));
        Assert.NotNull(await LengthAsync(store, image.KeyOf(image.Renditions[0])));
    }

    [Fact]
    public async Task A_database_that_knows_nothing_of_the_store_deletes_nothing_in_it()
    {
        await using var host = await InfrastructureHost.StartAsync();
        var image = await host.AddImageAsync(await host.NewOwnerAsync());
        var clock = new ShiftedClock { Shift = TimeSpan.FromDays(365) };
        await using var restored = await InfrastructureHost.StartAsync(beside: host, configure: s => s.AddSingleton<TimeProvider>(clock), emptyDatabase: true);

        await restored.Services.GetRequiredService<Sweeper>().SweepAsync(default);

        Assert.NotNull(await LengthAsync(restored.Services.GetRequiredService<IObjectStore>(), image.OriginalKey));
    }

    [Fact]
    public async Task The_trash_is_emptied_after_thirty_days()
    {
        var clock = new ShiftedClock();
        await using var host = await InfrastructureHost.StartAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        var owner = await host.NewOwnerAsync();
        var kept = await host.AddImageAsync(owner);
        var trashed = await host.AddImageAsync(owner);
        await host.LibraryAsync(owner, l => l.ChangeAsync(owner, [trashed.Id], i => i.Trash(DateTimeOffset.UtcNow), default));
        var sweeper = host.Services.GetRequiredService<Sweeper>();

        clock.Shift = Sweeper.TrashLifetime - TimeSpan.FromHours(1);
        await sweeper.SweepAsync(default);
        Assert.Equal(2, await host.QueryAsync(owner, db => db.Images.CountAsync()));

        clock.Shift = Sweeper.TrashLifetime + TimeSpan.FromHours(1);
        await sweeper.SweepAsync(default);
        Assert.Equal(kept.Id, (await host.QueryAsync(owner, db => db.Images.SingleAsync())).Id);
        await Counters.AssertTrueAsync(host, owner);
    }

    private static async Task<long?> LengthAsync(IObjectStore store, ObjectKey key)
    {
        await using var found = await store.OpenReadAsync(key, default);
        return found?.Length;
    }

    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + Shift;
    }
}
