using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage.FileSystem;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>A new master key takes the place of the old one while nodes read and write; afterwards the old one opens nothing that the product needs.</summary>
public sealed class MasterKeyRotationTests
{
    private static readonly ObjectKey Key = ObjectKey.Parse("originals/a/b");

    [Fact]
    public async Task Everything_is_sealed_by_the_new_key_alone_and_nothing_else_of_it_changes()
    {
        await using var host = await InfrastructureHost.StartAsync();
        var store = host.Services.GetRequiredService<IObjectStore>();
        await store.PutAsync(Key, new MemoryStream(new byte[200_000]), "image/png", default);
        var secret = host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("a secret");
        var old = Current(host);
        var file = Path.Combine(host.Folder, "objects", Key.Value + ".object");
        var before = await File.ReadAllBytesAsync(file);
        var written = File.GetLastWriteTimeUtc(file);
        var etag = await ETagAsync(store);

        var counts = await RotateAsync(host);

        var after = await File.ReadAllBytesAsync(file);
        Assert.NotEqual(old.Id, Current(host).Id);
        Assert.Equal((1, 1), ((int)counts["objects"], (int)counts["Data Protection keys"]));
        Assert.Equal(before[120..], after[120..]);
        Assert.NotEqual(before[..120], after[..120]);
        Assert.Equal((written, etag), (File.GetLastWriteTimeUtc(file), await ETagAsync(store)));
        Assert.True(File.Exists(Path.Combine(host.Folder, "keys", "retired", $"{old}.key")));
        Assert.False(File.Exists(Path.Combine(host.Folder, "keys", "rotating")) || File.Exists(Path.Combine(host.Folder, "keys", "next.key")));

        Directory.Delete(Path.Combine(host.Folder, "keys", "retired"), recursive: true);
        await using var later = await InfrastructureHost.StartAsync(beside: host);
        Assert.Equal(etag, await ETagAsync(later.Services.GetRequiredService<IObjectStore>()));
        Assert.Equal("a secret", later.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(secret));
        Assert.Equal(0, (await RotateAsync(later, makesKey: false)).Values.Sum());
    }

    [Fact]
    public async Task Nodes_read_and_write_all_the_while_and_links_of_either_key_are_valid()
    {
        await using var host = await InfrastructureHost.StartAsync();
        await using var other = await InfrastructureHost.StartAsync(beside: host);
        var links = host.Services.GetRequiredService<IContentLinks>();
        var tokens = other.Services.GetRequiredService<Infrastructure.ObjectStorage.ContentTokens>();
        var early = links.Create(Key).Url.OriginalString["/content/".Length..];
        using var done = new CancellationTokenSource();
        var work = Task.WhenAll(new[] { host, other }.Select(node => Task.Run(async () =>
        {
            var rounds = 0;
            for (; !done.IsCancellationRequested; rounds++)
            {
                var key = ObjectKey.Parse($"originals/{Guid.NewGuid():N}/{rounds}");
                await node.Services.GetRequiredService<IObjectStore>().PutAsync(key, new MemoryStream([1, 2, 3]), "image/png", default);
                await using var read = await (node == host ? other : host).Services.GetRequiredService<IObjectStore>().OpenReadAsync(key, default);
                Assert.Equal(3, read!.Length);
                Assert.True(tokens.TryRead(links.Create(key).Url.OriginalString["/content/".Length..], out _));
            }
            return rounds;
        })));
        // By a third party, as the command is.
        await using (var command = await InfrastructureHost.StartAsync(beside: host, settings: ("Roles", "web")))
        {
            await RotateAsync(command);
        }
        await done.CancelAsync();

        Assert.All(await work, rounds => Assert.True(rounds > 0));
        Assert.Equal(Current(host).Id, Current(other).Id);
        Assert.True(tokens.TryRead(early, out _));
        await RotateAsync(host, makesKey: false);
        Directory.Delete(Path.Combine(host.Folder, "keys", "retired"), recursive: true);
        await using var later = await InfrastructureHost.StartAsync(beside: host);
        await foreach (var found in later.Services.GetRequiredService<IObjectStore>().ListAsync("", default))
        {
            await using var read = await later.Services.GetRequiredService<IObjectStore>().OpenReadAsync(found.Key, default);
            Assert.NotNull(read);
        }
    }

    [Theory]
    [InlineData("before the new key is used")]
    [InlineData("after the old key is retired")]
    [InlineData("after the new key is used")]
    [InlineData("among the objects")]
    [Trait("Category", "Full")]
    public async Task Interrupted_anywhere_it_goes_on_with_the_same_key(string when)
    {
        await using var host = await InfrastructureHost.StartAsync();
        var store = host.Services.GetRequiredService<IObjectStore>();
        for (var i = 0; i < 20; i++)
        {
            await store.PutAsync(ObjectKey.Parse($"originals/a/{i}"), new MemoryStream([1, 2, 3]), "image/png", default);
        }
        var old = Current(host);
        var file = host.Services.GetRequiredService<MasterKeyFile>();
        file.PrepareNext();
        var next = await File.ReadAllTextAsync(Path.Combine(host.Folder, "keys", "next.key"));
        switch (when)
        {
            case "after the old key is retired":
                Directory.CreateDirectory(Path.Combine(host.Folder, "keys", "retired"));
                File.Copy(Path.Combine(host.Folder, "keys", "master.key"), Path.Combine(host.Folder, "keys", "retired", $"{old}.key"));
                break;
            case "after the new key is used":
                file.UseNext();
                break;
            case "among the objects":
                file.UseNext();
                // Half of them were done when it was interrupted.
                foreach (var path in Directory.EnumerateFiles(Path.Combine(host.Folder, "objects", "originals", "a")).Skip(10).ToList())
                {
                    File.Move(path, Path.Combine(host.Folder, Path.GetFileName(path)));
                }
                Assert.Equal(10, await new ObjectSecrets(new DataDirectory(host.Folder), new MasterKeyRing(file.Read)).ResealAsync(default));
                foreach (var path in Directory.EnumerateFiles(host.Folder, "*.object").ToList())
                {
                    File.Move(path, Path.Combine(host.Folder, "objects", "originals", "a", Path.GetFileName(path)));
                }
                break;
        }

        await RotateAsync(host);

        Assert.Equal(next.Trim(), Current(host).ToBase64());
        Assert.Equal([$"{old}.key"], Directory.EnumerateFiles(Path.Combine(host.Folder, "keys", "retired")).Select(Path.GetFileName));
        var alone = new FileSystemObjectStore(new DataDirectory(host.Folder), new MasterKeyRing(Current(host)), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FileSystemObjectStore>.Instance);
        for (var i = 0; i < 20; i++)
        {
            await using var read = await alone.OpenReadAsync(ObjectKey.Parse($"originals/a/{i}"), default);
            Assert.Equal(3, read!.Length);
        }
    }

    [Fact]
    public async Task A_damaged_object_is_named_and_the_others_are_sealed_anew()
    {
        await using var host = await InfrastructureHost.StartAsync();
        var store = host.Services.GetRequiredService<IObjectStore>();
        await store.PutAsync(Key, new MemoryStream([1]), "image/png", default);
        await store.PutAsync(ObjectKey.Parse("originals/a/c"), new MemoryStream([1]), "image/png", default);
        var path = Path.Combine(host.Folder, "objects", Key.Value + ".object");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[60] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        var e = await Assert.ThrowsAsync<InvalidDataException>(() => RotateAsync(host));

        Assert.Contains(Key.Value, e.Message);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
        Directory.Delete(Path.Combine(host.Folder, "keys", "retired"), recursive: true);
        await using var other = await new FileSystemObjectStore(new DataDirectory(host.Folder), new MasterKeyRing(Current(host)), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FileSystemObjectStore>.Instance)
            .OpenReadAsync(ObjectKey.Parse("originals/a/c"), default);
        Assert.NotNull(other);
    }

    [Fact]
    public async Task A_key_that_is_a_setting_is_changed_by_its_owner_and_its_successor_seals_anew()
    {
        var (old, next) = (MasterKey.Generate(), MasterKey.Generate());
        await using var host = await InfrastructureHost.StartAsync(settings: ("Encryption:MasterKey", old.ToBase64()));
        await host.Services.GetRequiredService<IObjectStore>().PutAsync(Key, new MemoryStream([1]), "image/png", default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => RotateAsync(host));

        await using var changed = await InfrastructureHost.StartAsync(beside: host, settings: [("Encryption:MasterKey", next.ToBase64()), ("Encryption:RetiredMasterKeys", old.ToBase64())]);
        Assert.Equal(1, (await RotateAsync(changed, makesKey: false))["objects"]);

        await using var later = await InfrastructureHost.StartAsync(beside: host, settings: ("Encryption:MasterKey", next.ToBase64()));
        await using var read = await later.Services.GetRequiredService<IObjectStore>().OpenReadAsync(Key, default);
        Assert.NotNull(read);
    }

    private static MasterKey Current(InfrastructureHost host) => host.Services.GetRequiredService<MasterKeyFile>().Read().Current;

    private static async Task<string> ETagAsync(IObjectStore store)
    {
        await using var stored = await store.OpenReadAsync(Key, default);
        return stored!.ETag;
    }

    private static async Task<Dictionary<string, long>> RotateAsync(InfrastructureHost host, bool makesKey = true)
    {
        var rotation = host.Services.GetRequiredService<MasterKeyRotation>();
        Dictionary<string, long> counts = [];
        if (makesKey)
        {
            await rotation.ReplaceKeyAsync(default);
        }
        await rotation.ResealAsync((name, count) => counts[name] = count, default);
        return counts;
    }
}
