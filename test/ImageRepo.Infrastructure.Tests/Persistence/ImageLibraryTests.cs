using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>Images come and go with their objects, whichever store keeps them.</summary>
public abstract class ImageLibraryTests(Store store) : IAsyncLifetime
{
    private InfrastructureHost _host = null!;
    private OwnerId _owner;

    public async Task InitializeAsync()
    {
        _host = await InfrastructureHost.StartAsync(store: store, settings: [("Quota:MaxImages", "5"), ("Analysis:FirstRetry", "00:10:00")]);
        _owner = await _host.NewOwnerAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task An_image_comes_back_as_it_went_in()
    {
        var added = await _host.AddImageAsync(_owner, "Our boat", "boat.jpg", tags: ["sea", "boat"]);

        var read = await _host.QueryAsync(_owner, db => db.Images.SingleAsync());

        Assert.Equal(added.Id, read.Id);
        Assert.Equal(added.ContentHash, read.ContentHash);
        Assert.Equal(added.Colors, read.Colors);
        Assert.Equal(added.Renditions, read.Renditions);
        Assert.Equal(["sea", "boat"], read.Tags.Where(t => t.Source == ContentSource.Owner).Select(t => t.Name.Value));
        Assert.Equal(added.PerceptualHash, read.PerceptualHash);
        Assert.Equal(added.ThumbHash, read.ThumbHash);
        Assert.Equal("Our boat", read.Description?.Text);
    }

    [Fact]
    public async Task Each_colour_of_the_palette_is_a_row_of_the_index()
    {
        var image = await _host.AddImageAsync(_owner);

        var rows = await _host.QueryAsync(_owner, db => db.ImageColors.OrderBy(c => c.Ordinal).ToListAsync());

        Assert.True(rows.Count > 1);
        Assert.Equal(ImageColorRow.Of(image.Id, _owner, image.Colors).Select(Told), rows.Select(Told));

        static object Told(ImageColorRow row) => (row.ImageId, row.Ordinal, row.OwnerId, row.Hex, row.Name, row.Share, row.LabW);
    }

    [Fact]
    public async Task A_camera_that_names_its_offset_can_be_stored()
    {
        var taken = new DateTimeOffset(2026, 7, 1, 23, 30, 0, TimeSpan.FromHours(2));
        var image = InfrastructureHost.NewImage(_owner, exif: new Exif("Phone", null, null, null, null, null, null, taken, null, null));

        await _host.LibraryAsync(_owner, async l =>
        {
            await l.ReserveAsync(_owner, image.Id, default);
            return await l.AddAsync(image, default);
        });
        await _host.LibraryAsync(_owner, l => l.ChangeAsync(_owner, [image.Id], i => i.Edit(new ImageEdit { TakenAt = (DateTimeOffset?)null }, DateTimeOffset.UtcNow), default));

        var read = await _host.QueryAsync(_owner, db => db.Images.SingleAsync());
        Assert.Equal(taken, read.TakenAt);
        Assert.Equal(taken.Offset, read.Exif!.TakenAt!.Value.Offset);
    }

    [Fact]
    public async Task The_same_bytes_are_one_image()
    {
        var hash = InfrastructureHost.NewHash();
        var first = await _host.AddImageAsync(_owner, hash: hash);

        var again = await _host.LibraryAsync(_owner, l => l.AddAsync(InfrastructureHost.NewImage(_owner, hash: hash), default));

        Assert.True(again.IsDuplicate);
        Assert.Equal(first.Id, again.Image.Id);
        Assert.Equal(1, await _host.QueryAsync(_owner, db => db.Images.CountAsync()));
    }

    [Fact]
    public async Task The_same_bytes_of_two_owners_are_two_images()
    {
        var hash = InfrastructureHost.NewHash();
        var other = await _host.NewOwnerAsync();
        var mine = await _host.AddImageAsync(_owner, hash: hash);

        var theirs = await _host.AddImageAsync(other, hash: hash);

        Assert.NotEqual(mine.Id, theirs.Id);
    }

    [Fact]
    public async Task Bytes_that_lie_in_the_trash_are_restored()
    {
        var hash = InfrastructureHost.NewHash();
        var first = await _host.AddImageAsync(_owner, hash: hash, tags: ["boat"]);
        await TrashAsync(first);

        var again = await _host.LibraryAsync(_owner, l => l.AddAsync(InfrastructureHost.NewImage(_owner, hash: hash), default));

        Assert.True(again.IsDuplicate);
        Assert.False(again.Image.IsTrashed);
        await Counters.AssertTrueAsync(_host, _owner);
    }

    [Fact]
    public async Task Parallel_uploads_cannot_pass_the_quota()
    {
        var uploads = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await _host.AddImageAsync(_owner);
                return true;
            }
            catch (QuotaExceededException full)
            {
                Assert.Equal((5, 5), (full.Usage.ImageCount, full.Usage.ImageLimit));
                return false;
            }
        }));

        Assert.Equal(5, uploads.Count(stored => stored));
        await Counters.AssertTrueAsync(_host, _owner);
    }

    [Fact]
    public async Task Parallel_uploads_of_the_same_bytes_are_one_image()
    {
        var hash = InfrastructureHost.NewHash();

        var uploads = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _host.LibraryAsync(_owner, async l =>
        {
            var image = InfrastructureHost.NewImage(_owner, hash: hash);
            await l.ReserveAsync(_owner, image.Id, default);
            return await l.AddAsync(image, default);
        })));

        Assert.Single(uploads, u => !u.IsDuplicate);
        Assert.Single(uploads.Select(u => u.Image.Id).Distinct());
    }

    [Fact]
    public async Task The_trash_counts_towards_the_quota_and_is_in_no_index()
    {
        var image = await _host.AddImageAsync(_owner, tags: ["boat"]);

        await TrashAsync(image);

        var usage = await _host.LibraryAsync(_owner, l => l.UsageAsync(_owner, default));
        Assert.Equal((1, 1_000), (usage.ImageCount, usage.Bytes));
        Assert.Equal((0, 0, 0), await _host.QueryAsync(_owner, async db =>
            (await db.ImageTags.CountAsync(), await db.ImageColors.CountAsync(), await db.OwnerTagCounts.CountAsync())));
        await Counters.AssertTrueAsync(_host, _owner);
    }

    [Fact]
    public async Task Restore_brings_tags_and_colours_back()
    {
        var image = await _host.AddImageAsync(_owner, tags: ["boat"]);
        await TrashAsync(image);

        var restored = await _host.LibraryAsync(_owner, l => l.RestoreAsync(_owner, [image.Id], default));

        Assert.Single(restored.Done);
        Assert.Equal(2, await _host.QueryAsync(_owner, db => db.ImageColors.CountAsync()));
        await Counters.AssertTrueAsync(_host, _owner);
    }

    [Fact]
    public async Task What_fails_for_one_image_does_not_stop_the_others()
    {
        var image = await _host.AddImageAsync(_owner);
        var stranger = await _host.AddImageAsync(await _host.NewOwnerAsync());
        var nobody = ImageId.New(DateTimeOffset.UtcNow);

        var result = await _host.LibraryAsync(_owner, l => l.ChangeAsync(_owner, [nobody, image.Id, stranger.Id], i => i.Trash(DateTimeOffset.UtcNow), default));

        Assert.Equal([image.Id], result.Done.Select(i => i.Id));
        Assert.Equal([nobody, stranger.Id], result.Errors.Cast<ImageNotFoundException>().Select(e => e.Id));
        Assert.False((await _host.QueryAsync(stranger.OwnerId, db => db.Images.SingleAsync())).IsTrashed);
    }

    [Fact]
    public async Task Purging_leaves_no_row_and_no_object()
    {
        var image = await _host.AddImageAsync(_owner, tags: ["boat"]);

        var purged = await _host.LibraryAsync(_owner, l => l.PurgeAsync(_owner, [image.Id], null, default));

        Assert.Equal([image.Id], purged.Done);
        var objects = _host.Services.GetRequiredService<IObjectStore>();
        Assert.Null(await objects.OpenReadAsync(image.OriginalKey, default));
        Assert.Null(await objects.OpenReadAsync(image.KeyOf(image.Renditions[0]), default));
        Assert.Equal((0, 0, 0), await _host.QueryAsync(_owner, async db =>
            (await db.Images.CountAsync(), await db.ImageTags.CountAsync(), await db.Set<JobRow>().CountAsync(j => j.ImageId == image.Id))));
        await Counters.AssertTrueAsync(_host, _owner);
    }

    [Fact]
    public async Task An_image_whose_objects_were_swept_away_is_not_added()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.LibraryAsync(_owner, l => l.AddAsync(InfrastructureHost.NewImage(_owner), default)));

        Assert.Equal(0, await _host.QueryAsync(_owner, db => db.Images.CountAsync()));
    }

    [Fact]
    public async Task A_full_library_refuses_before_a_byte_is_stored()
    {
        for (var i = 0; i < 5; i++)
        {
            await _host.AddImageAsync(_owner);
        }

        await Assert.ThrowsAsync<QuotaExceededException>(() => _host.LibraryAsync(_owner, async l =>
        {
            await l.ReserveAsync(_owner, ImageId.New(DateTimeOffset.UtcNow), default);
            return true;
        }));
    }

    [Fact]
    public async Task A_stranger_and_nobody_see_nothing()
    {
        await _host.AddImageAsync(_owner, tags: ["boat"]);
        var stranger = await _host.NewOwnerAsync();

        Assert.Equal((0, 0, 0, 0, 0), await _host.QueryAsync(stranger, SeenAsync));
        await using var nobody = _host.Services.CreateAsyncScope();
        Assert.Equal((0, 0, 0, 0, 0), await SeenAsync(nobody.ServiceProvider.GetRequiredService<ImageRepoDbContext>()));

        static async Task<(int, int, int, int, int)> SeenAsync(ImageRepoDbContext db) =>
            (await db.Images.CountAsync(), await db.ImageTags.CountAsync(), await db.ImageColors.CountAsync(), await db.OwnerCounts.CountAsync(), await db.OwnerTagCounts.CountAsync());
    }

    [Fact]
    public async Task A_scope_belongs_to_one_owner()
    {
        var other = await _host.NewOwnerAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.InScopeAsync(_owner, s => s.GetRequiredService<IImageLibrary>().UsageAsync(other, default)));
    }

    [Fact]
    public async Task Counters_and_indexes_stay_true_through_any_sequence_of_changes()
    {
        var random = new Random(20260501);
        var limits = new ImageLimits();
        var words = Enumerable.Range(0, 6).Select(i => TagName.Parse($"word {i}")).ToList();
        List<Image> images = [];
        for (var step = 0; step < 60; step++)
        {
            var ids = images.Where(_ => random.Next(2) == 0).Select(i => i.Id).ToList();
            switch (random.Next(5))
            {
                case 0 when images.Count < 5:
                    images.Add(await _host.AddImageAsync(_owner, tags: [words[random.Next(6)].Value]));
                    break;
                case 1:
                    var (add, remove) = (words[random.Next(6)], words[random.Next(6)]);
                    await _host.LibraryAsync(_owner, l => l.ChangeAsync(_owner, ids, i => i.Retag([add], [remove], limits, DateTimeOffset.UtcNow), default));
                    break;
                case 2:
                    await _host.LibraryAsync(_owner, l => l.ChangeAsync(_owner, ids, i => i.Trash(DateTimeOffset.UtcNow), default));
                    break;
                case 3:
                    await _host.LibraryAsync(_owner, l => l.RestoreAsync(_owner, ids, default));
                    break;
                case 4 when ids.Count > 0 && random.Next(3) == 0:
                    await _host.LibraryAsync(_owner, l => l.PurgeAsync(_owner, [ids[0]], null, default));
                    images.RemoveAll(i => i.Id == ids[0]);
                    break;
            }
        }
        await Counters.AssertTrueAsync(_host, _owner);
    }

    private Task TrashAsync(Image image) => _host.LibraryAsync(_owner, l => l.ChangeAsync(_owner, [image.Id], i => i.Trash(DateTimeOffset.UtcNow), default));
}

public sealed class ImageLibraryOnFilesTests() : ImageLibraryTests(Store.Files);

public sealed class ImageLibraryOnS3Tests() : ImageLibraryTests(Store.S3);
