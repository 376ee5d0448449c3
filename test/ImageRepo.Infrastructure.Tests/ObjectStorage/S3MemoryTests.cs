using ImageRepo.Domain.Storage;
using ImageRepo.Testing;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>Counts what the whole process holds, so it runs alone.</summary>
[Collection(nameof(ObjectStoreMemoryTests))]
public sealed class S3MemoryTests : IAsyncLifetime
{
    private S3TestBucket _bucket = null!;

    public async Task InitializeAsync() => _bucket = await S3TestBucket.CreateAsync();

    public Task DisposeAsync()
    {
        _bucket.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_object()
    {
        const long length = 100 * 1024 * 1024;
        var key = ObjectKey.Parse("originals/a/b");
        var before = LiveMemory.Measure();
        var peak = 0L;
        await _bucket.Store.PutAsync(key, new ScriptedStream(length, i => (byte)i, _ => { peak = LiveMemory.Measure(); return Task.CompletedTask; }, atMost: int.MaxValue), "image/png", default);

        await using var stored = await _bucket.Store.OpenReadAsync(key, default);
        Assert.Equal(length, stored!.Length);
        Assert.Equal(13, _bucket.Wire.Sent.Count(r => r.Address.Query.Contains("partNumber")));
        // Less than before where what other tests have left is collected meanwhile.
        Assert.InRange(peak, 1, before + 50 * 1024 * 1024);
    }
}
