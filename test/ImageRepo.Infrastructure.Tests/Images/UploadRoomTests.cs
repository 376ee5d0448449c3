using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Images;

/// <summary>What happens to a file for which there is no room, whichever store it has reached.</summary>
public abstract class UploadRoomTests(Store store) : IAsyncLifetime
{
    private readonly byte[] _first = Photos.Variant(Photos.Giraffe);
    private readonly byte[] _second = Photos.Variant(Photos.Giraffe);
    private InfrastructureHost _host = null!;
    private OwnerId _owner;

    public async Task InitializeAsync()
    {
        _host = await InfrastructureHost.StartAsync(store: store, settings: [("Quota:MaxBytes", $"{_first.Length + _second.Length / 2}")]);
        _owner = await _host.NewOwnerAsync();
        await UploadAsync(await StageAsync(_first));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_file_for_which_there_is_no_room_leaves_nothing()
    {
        var staged = await StageAsync(_second);
        var refused = await Assert.ThrowsAsync<QuotaExceededException>(() => UploadAsync(staged));

        Assert.Equal(_first.Length, refused.Usage.Bytes);
        Assert.Null(await _host.Services.GetRequiredService<IObjectStore>().OpenReadAsync(ObjectKey.Original(_owner, staged.ImageId), default));
        Assert.Equal(0, await NotesAsync(_host, _owner));
    }

    [Fact]
    public async Task Of_two_files_that_arrived_while_there_was_room_for_one_the_other_leaves_nothing()
    {
        var ids = await _host.QueryAsync(_owner, db => db.Images.Select(i => i.Id).ToListAsync());
        await _host.LibraryAsync(_owner, l => l.PurgeAsync(_owner, ids, null, default));
        var (first, second) = (await StageAsync(_first), await StageAsync(_second));
        await UploadAsync(first);
        await Assert.ThrowsAsync<QuotaExceededException>(() => UploadAsync(second));

        var store = _host.Services.GetRequiredService<IObjectStore>();
        Assert.Null(await store.OpenReadAsync(ObjectKey.Original(_owner, second.ImageId), default));
        Assert.Empty(await store.ListAsync(ObjectKey.RenditionsOf(_owner, second.ImageId), default).ToListAsync());
        Assert.Equal(0, await NotesAsync(_host, _owner));
    }

    [Fact]
    public async Task Room_that_is_made_while_the_file_arrives_is_used()
    {
        var staged = await StageAsync(_second);
        var ids = await _host.QueryAsync(_owner, db => db.Images.Select(i => i.Id).ToListAsync());
        await _host.LibraryAsync(_owner, l => l.PurgeAsync(_owner, ids, null, default));
        var uploaded = await UploadAsync(staged);

        Assert.Equal([uploaded.Image.Id], await _host.QueryAsync(_owner, db => db.Images.Select(i => i.Id).ToListAsync()));
        Assert.Equal(0, await NotesAsync(_host, _owner));
    }

    [Fact]
    public async Task A_full_library_takes_no_note_of_what_it_refuses()
    {
        await using var full = await InfrastructureHost.StartAsync(store: store, settings: [("Quota:MaxImages", "1")]);
        var owner = await full.NewOwnerAsync();
        await full.AddImageAsync(owner);
        await Assert.ThrowsAsync<QuotaExceededException>(() =>
            full.InScopeAsync(owner, s => s.GetRequiredService<ImageUploader>().StageAsync(owner, "a.jpg", new MemoryStream(_second), default)));

        Assert.Equal(0, await NotesAsync(full, owner));
    }

    private Task<StagedUpload> StageAsync(byte[] file) =>
        _host.InScopeAsync(_owner, s => s.GetRequiredService<ImageUploader>().StageAsync(_owner, "a.jpg", new MemoryStream(file), default));

    private Task<UploadedImage> UploadAsync(StagedUpload staged) =>
        _host.InScopeAsync(_owner, s => s.GetRequiredService<ImageUploader>().UploadAsync(staged, UploadDetails.Parse(null, null, [], new ImageLimits()), default));

    private static Task<int> NotesAsync(InfrastructureHost host, OwnerId owner) =>
        host.QueryAsync(owner, db => db.Set<UnclaimedRow>().CountAsync(u => u.OwnerId == owner));
}

public sealed class UploadRoomOnFilesTests() : UploadRoomTests(Store.Files);

public sealed class UploadRoomOnS3Tests() : UploadRoomTests(Store.S3);
