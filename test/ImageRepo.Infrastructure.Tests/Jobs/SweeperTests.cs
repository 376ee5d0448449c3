using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Tests.Persistence;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Jobs;

public sealed class SweeperTests
{
    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task What_a_crash_left_is_cleared_away_and_what_belongs_to_an_image_stays(Store kind)
    {
        var clock = new ShiftedClock();
        await using var host = await InfrastructureHost.StartAsync(store: kind, configure: s => s.AddSingleton<TimeProvider>(clock));
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

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task A_database_that_knows_nothing_of_the_store_deletes_nothing_in_it(Store kind)
    {
        await using var host = await InfrastructureHost.StartAsync(store: kind);
        var image = await host.AddImageAsync(await host.NewOwnerAsync());
        var clock = new ShiftedClock { Shift = TimeSpan.FromDays(365) };
        await using var restored = await InfrastructureHost.StartAsync(beside: host, configure: s => s.AddSingleton<TimeProvider>(clock), emptyDatabase: true);

        await restored.Services.GetRequiredService<Sweeper>().SweepAsync(default);

        Assert.NotNull(await LengthAsync(restored.Services.GetRequiredService<IObjectStore>(), image.OriginalKey));
    }

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task The_trash_is_emptied_after_thirty_days(Store kind)
    {
        var clock = new ShiftedClock();
        await using var host = await InfrastructureHost.StartAsync(store: kind, configure: s => s.AddSingleton<TimeProvider>(clock));
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

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task The_parts_of_an_upload_that_nobody_completes_are_cleared_away_and_those_under_way_stay(Store kind)
    {
        var clock = new ShiftedClock();
        await using var host = await InfrastructureHost.StartAsync(store: kind, configure: s => s.AddSingleton<TimeProvider>(clock));
        var owner = await host.NewOwnerAsync();
        var store = host.Services.GetRequiredService<IObjectStore>();
        var sweeper = host.Services.GetRequiredService<Sweeper>();
        var abandoned = await BeginAsync(host, owner);

        clock.Shift = new UploadOptions().Lifetime + TimeSpan.FromMinutes(1);
        var underWay = await BeginAsync(host, owner);
        await sweeper.SweepAsync(default);
        // It has expired, but what was on its way then may still arrive.
        Assert.NotNull(await LengthAsync(store, abandoned));
        await Assert.ThrowsAsync<UploadNotFoundException>(() => host.InScopeAsync(owner, async s =>
        {
            await s.GetRequiredService<DirectUploads>().ReceiveAsync(owner, UploadOf(abandoned), 1, new MemoryStream([1]), default);
            return true;
        }));

        clock.Shift += Sweeper.Grace;
        await sweeper.SweepAsync(default);
        Assert.Null(await LengthAsync(store, abandoned));
        Assert.NotNull(await LengthAsync(store, underWay));
        Assert.Equal(UploadOf(underWay), (await host.QueryAsync(owner, db => db.Uploads.SingleAsync())).Id);
    }

    private static Task<ObjectKey> BeginAsync(InfrastructureHost host, OwnerId owner) => host.InScopeAsync(owner, async s =>
    {
        var uploads = s.GetRequiredService<DirectUploads>();
        var upload = await uploads.BeginAsync(owner, new UploadPlan("a.jpg", 1, null, null), default);
        await uploads.ReceiveAsync(owner, upload.Id, 1, new MemoryStream([1]), default);
        return ObjectKey.UploadPart(owner, upload.Id, 1);
    });

    private static UploadId UploadOf(ObjectKey part) => new(Guid.ParseExact(part.Value.Split('/')[2], "N"));

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
