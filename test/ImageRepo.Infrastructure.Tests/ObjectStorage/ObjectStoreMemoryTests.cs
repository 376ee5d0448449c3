using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>Counts what the whole process allocates, so it runs alone.</summary>
[CollectionDefinition(nameof(ObjectStoreMemoryTests), DisableParallelization = true)]
[Collection(nameof(ObjectStoreMemoryTests))]
public sealed class ObjectStoreMemoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Memory_does_not_grow_with_the_object()
    {
        const long length = 64 * 1024 * 1024;
        var store = _directory.OpenStore(MasterKey.Generate());
        var key = ObjectKey.Parse("originals/a/b");
        await store.PutAsync(key, new ScriptedStream(100_000, i => (byte)i), "image/png", default);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await store.PutAsync(key, new ScriptedStream(length, i => (byte)i, atMost: int.MaxValue), "image/png", default);
        await using (var stored = await store.OpenReadAsync(key, default))
        {
            await stored!.Content.CopyToAsync(Stream.Null);
        }
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, length / 16);
    }
}
