using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Tests.Backups;
using ImageRepo.Infrastructure.Verification;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Verification;

public sealed class StoreVerificationTests
{
    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task A_store_that_is_whole_has_no_faults_and_uploads_under_way_are_none(Store kind)
    {
        await using var host = await StartAsync(kind);
        var owner = await host.NewOwnerAsync();
        var image = await Installation.UploadAsync(host, owner);
        await host.InScopeAsync(owner, s => s.GetRequiredService<ImageUploader>()
            .StageAsync(owner, "half.gif", new MemoryStream([.. "GIF89a"u8, .. new byte[500]]), default));

        var (findings, faults) = await VerifyAsync(host);

        Assert.Empty(faults);
        var objects = image.Renditions.Count + 1;
        Assert.Equal((1, objects, objects + 1, 1, 0), (findings.Images, findings.Objects, findings.Listed, findings.Noted, findings.Faults));
        Assert.True(findings.Bytes > image.ByteSize);
    }

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task Each_fault_is_named_by_its_key_and_nothing_is_deleted(Store kind)
    {
        await using var host = await StartAsync(kind);
        var store = host.Services.GetRequiredService<IObjectStore>();
        var owner = await host.NewOwnerAsync();
        var (lost, changed, cut) = (await Installation.UploadAsync(host, owner), await Installation.UploadAsync(host, owner), await Installation.UploadAsync(host, owner));
        var rendition = lost.KeyOf(lost.Renditions[0]);
        await store.DeleteAsync(rendition, default);
        await PutAsync(store, changed.OriginalKey, await ReadAsync(store, lost.OriginalKey));
        await PutAsync(store, cut.OriginalKey, [1, 2, 3]);
        var stranger = ObjectKey.Original(owner, ImageId.New(DateTimeOffset.UtcNow));
        var strangeSize = ObjectKey.Rendition(owner, lost.Id, 77);
        var othersFolder = ObjectKey.Original(await host.NewOwnerAsync(), lost.Id);
        foreach (var key in new[] { stranger, strangeSize, othersFolder })
        {
            await PutAsync(store, key, [1]);
        }

        var (findings, faults) = await VerifyAsync(host);

        (string, StoreFaultKind)[] expected =
        [
            (rendition.Value, StoreFaultKind.Missing), (changed.OriginalKey.Value, StoreFaultKind.Damaged), (cut.OriginalKey.Value, StoreFaultKind.Damaged),
            (stranger.Value, StoreFaultKind.Unknown), (strangeSize.Value, StoreFaultKind.Unknown), (othersFolder.Value, StoreFaultKind.Unknown),
        ];
        Assert.Equal(expected.Order(), faults.Select(f => (f.Key.Value, f.Kind)).Order());
        Assert.Equal((6, 0), (findings.Faults, findings.Repaired));
        Assert.Contains("SHA-256", faults.Single(f => f.Key == changed.OriginalKey).Problem);
        Assert.Contains($"{cut.ByteSize} were stored", faults.Single(f => f.Key == cut.OriginalKey).Problem);
        Assert.NotEmpty(await ReadAsync(store, stranger));
        Assert.DoesNotContain(faults, f => f.ToString().Contains("giraffe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_was_tampered_with_is_damaged()
    {
        await using var host = await StartAsync(Store.Files);
        var image = await Installation.UploadAsync(host, await host.NewOwnerAsync());
        var path = Path.Combine(host.Folder, "objects", image.KeyOf(image.Renditions[1]).Value + ".object");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        var (_, faults) = await VerifyAsync(host);

        var fault = Assert.Single(faults);
        Assert.Equal((image.KeyOf(image.Renditions[1]), StoreFaultKind.Damaged), (fault.Key, fault.Kind));
    }

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task Renditions_are_made_anew_from_a_whole_original_and_from_no_other(Store kind)
    {
        await using var host = await StartAsync(kind);
        var store = host.Services.GetRequiredService<IObjectStore>();
        var owner = await host.NewOwnerAsync();
        var (whole, spoilt) = (await Installation.UploadAsync(host, owner), await Installation.UploadAsync(host, owner));
        var before = await ReadAsync(store, whole.KeyOf(whole.Renditions[0]));
        foreach (var image in new[] { whole, spoilt })
        {
            await store.DeleteAsync(image.KeyOf(image.Renditions[0]), default);
        }
        await PutAsync(store, spoilt.OriginalKey, [1, 2, 3]);

        var (first, faults) = await VerifyAsync(host, repair: true);
        var (second, left) = await VerifyAsync(host);

        Assert.Equal((3, 1), (first.Faults, first.Repaired));
        Assert.Equal(whole.KeyOf(whole.Renditions[0]), Assert.Single(faults, f => f.IsRepaired).Key);
        Assert.Equal(before, await ReadAsync(store, whole.KeyOf(whole.Renditions[0])));
        Assert.Equal(2, second.Faults);
        Assert.All(left, f => Assert.Equal(spoilt.Id, f.Key.Image));
    }

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task What_comes_and_goes_meanwhile_is_no_fault(Store kind)
    {
        await using var host = await StartAsync(kind);
        var owner = await host.NewOwnerAsync();
        await Installation.UploadAsync(host, owner);
        using var done = new CancellationTokenSource();
        var busy = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var passing = await Installation.UploadAsync(host, owner);
                await host.LibraryAsync(owner, l => l.PurgeAsync(owner, [passing.Id], trashedBefore: null, default));
            }
        });

        for (var i = 0; i < 5; i++)
        {
            Assert.Empty((await VerifyAsync(host)).Faults);
        }
        await done.CancelAsync();
        await busy;
    }

    private static Task<InfrastructureHost> StartAsync(Store store) => InfrastructureHost.StartAsync(store: store, settings: [("Roles", "web")]);

    private static async Task<(StoreFindings Findings, List<StoreFault> Faults)> VerifyAsync(InfrastructureHost host, bool repair = false)
    {
        List<StoreFault> faults = [];
        return (await host.Services.GetRequiredService<StoreVerification>().VerifyAsync(repair, faults.Add, _ => { }, default), faults);
    }

    private static Task PutAsync(IObjectStore store, ObjectKey key, byte[] content) => store.PutAsync(key, new MemoryStream(content), "image/jpeg", default);

    private static async Task<byte[]> ReadAsync(IObjectStore store, ObjectKey key)
    {
        await using var stored = await store.OpenReadAsync(key, default);
        using var content = new MemoryStream();
        await stored!.Content.CopyToAsync(content);
        return content.ToArray();
    }
}
