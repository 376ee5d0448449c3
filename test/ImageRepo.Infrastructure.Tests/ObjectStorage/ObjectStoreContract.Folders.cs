using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>Deleting and listing.</summary>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task Deleting_is_idempotent()
    {
        var (key, other) = (NewKey(), NewKey());
        await PutAsync(key, Bytes(10));
        await PutAsync(other, Bytes(10));
        await Store.DeleteAsync(key, default);
        await Store.DeleteAsync(key, default);
        await Store.DeleteAsync(ObjectKey.Original(new OwnerId(Guid.NewGuid()), NewImage()), default);

        Assert.Null(await Store.OpenReadAsync(key, default));
        Assert.Equal([other], await ListAsync(Folder));
    }

    [Fact]
    public async Task Deleting_a_folder_takes_what_is_in_it_and_nothing_else()
    {
        var (image, neighbour) = (NewImage(), NewImage());
        foreach (var size in new[] { 320, 800, 1600 })
        {
            await PutAsync(ObjectKey.Rendition(_owner, image, size), Bytes(size));
        }
        var kept = new[] { ObjectKey.Rendition(_owner, neighbour, 320), ObjectKey.Parse(ObjectKey.RenditionsOf(_owner, image).TrimEnd('/') + "0/320") };
        foreach (var key in kept)
        {
            await PutAsync(key, Bytes(5));
        }
        await Store.DeleteAllAsync(ObjectKey.RenditionsOf(_owner, image), default);
        await Store.DeleteAllAsync(ObjectKey.RenditionsOf(_owner, image), default);

        Assert.Equal(kept.OrderBy(k => k.Value), (await ListAsync($"{ObjectKey.RenditionsPrefix}{_owner.Value:N}/")).OrderBy(k => k.Value));
    }

    [Fact]
    public async Task A_list_holds_each_key_that_starts_with_the_prefix()
    {
        var keys = new[] { NewKey(), NewKey(), NewKey() };
        foreach (var key in keys)
        {
            await PutAsync(key, Bytes(1));
        }
        await PutAsync(ObjectKey.Original(new OwnerId(Guid.NewGuid()), NewImage()), Bytes(1));

        Assert.Equal(keys.OrderBy(k => k.Value), (await ListAsync(Folder)).OrderBy(k => k.Value));
        Assert.Equal(keys.OrderBy(k => k.Value), (await ListAsync(Folder.TrimEnd('/'))).OrderBy(k => k.Value));
        Assert.Equal([keys[0]], await ListAsync(keys[0].Value));
        Assert.Equal([keys[0]], await ListAsync(keys[0].Value[..^1]));
        Assert.Empty(await ListAsync(keys[0].Value + "/"));
        Assert.Subset((await ListAsync("")).ToHashSet(), keys.ToHashSet());
        await foreach (var info in Store.ListAsync(Folder, default))
        {
            Assert.InRange(info.LastModified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        }
    }

    [Theory]
    [InlineData("../")]
    [InlineData("/")]
    [InlineData("/etc/")]
    [InlineData("originals/../../")]
    [InlineData("originals//")]
    [InlineData("originals/..")]
    [InlineData(".staging/")]
    [InlineData("originals\\")]
    [InlineData("originals/\0/")]
    public async Task A_prefix_that_no_key_has_is_refused(string prefix)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAllAsync(prefix, default));
        await Assert.ThrowsAsync<ArgumentException>(() => ListAsync(prefix));
    }

    [Theory]
    [InlineData("")]
    [InlineData("originals")]
    public async Task Deleting_what_is_no_folder_is_refused(string prefix) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAllAsync(prefix, default));

    [Fact]
    public async Task The_default_key_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(default, Bytes(1)));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenReadAsync(default, default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(default, default));
    }

    [Fact]
    public async Task Puts_and_deletes_of_one_folder_at_the_same_time_do_not_disturb_each_other()
    {
        var keys = Enumerable.Range(0, 4).Select(_ => NewKey()).ToList();
        await Task.WhenAll(keys.Select(key => Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                await PutAsync(key, Bytes(10));
                await Store.DeleteAsync(key, default);
            }
            await PutAsync(key, Bytes(10));
        })));

        Assert.Equal(keys.OrderBy(k => k.Value), (await ListAsync(Folder)).OrderBy(k => k.Value));
    }
}
