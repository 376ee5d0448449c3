using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage.FileSystem;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>Somebody who can write to the disk, and has no key, cannot make the product show anything but what was put, or an error.</summary>
public sealed class ObjectTamperingTests : IDisposable
{
    private const int StoredChunk = 64 * 1024 + 16;
    private const int Length = 3 * 64 * 1024 + 100;
    private static readonly ObjectKey Key = ObjectKey.Parse("originals/a/one");
    private static readonly ObjectKey Other = ObjectKey.Parse("originals/a/two");

    private readonly TemporaryDirectory _directory = new();
    private readonly FileSystemObjectStore _store;

    public ObjectTamperingTests() => _store = _directory.OpenStore(MasterKey.Generate());

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_flipped_bit_anywhere_is_noticed()
    {
        var path = await PutAsync(Key);
        var bytes = await File.ReadAllBytesAsync(path);
        var header = bytes.Length - Length - 4 * 16;
        var places = Enumerable.Range(0, header)
            .Concat([header, header + 5000, header + StoredChunk - 1, header + StoredChunk, header + 2 * StoredChunk + 7, bytes.Length - 17, bytes.Length - 16, bytes.Length - 1]);
        foreach (var place in places)
        {
            var changed = bytes.ToArray();
            changed[place] ^= (byte)(1 << (place % 8));
            await File.WriteAllBytesAsync(path, changed);
            await AssertRefusedAsync(Key, $"byte {place}");
        }
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Equal(Length, await ReadAsync(Key));
    }

    [Fact]
    public async Task A_cut_object_is_refused_when_it_is_opened()
    {
        var path = await PutAsync(Key);
        var bytes = await File.ReadAllBytesAsync(path);
        var header = bytes.Length - Length - 4 * 16;
        foreach (var length in new[] { 0, 1, 9, 11, 12, 40, header - 1, header, header + 15, header + 16, header + 17, header + StoredChunk, header + StoredChunk + 16, header + 3 * StoredChunk, header + 3 * StoredChunk + 16, bytes.Length - 1 })
        {
            await File.WriteAllBytesAsync(path, bytes[..length]);
            await Assert.ThrowsAsync<InvalidDataException>(() => _store.OpenReadAsync(Key, default));
        }
    }

    [Fact]
    public async Task An_empty_object_is_told_from_one_that_was_emptied()
    {
        var path = await PutAsync(Key, length: 0);
        var bytes = await File.ReadAllBytesAsync(path);
        Assert.Equal(0, await ReadAsync(Key));

        await File.WriteAllBytesAsync(path, bytes[..^16]);
        await Assert.ThrowsAsync<InvalidDataException>(() => _store.OpenReadAsync(Key, default));
    }

    [Fact]
    public async Task Appended_bytes_are_refused_when_it_is_opened()
    {
        var path = await PutAsync(Key);
        var bytes = await File.ReadAllBytesAsync(path);
        foreach (var appended in new[] { new byte[1], new byte[16], new byte[StoredChunk], bytes[^116..], bytes[^(116 + StoredChunk)..] })
        {
            await File.WriteAllBytesAsync(path, [.. bytes, .. appended]);
            await Assert.ThrowsAsync<InvalidDataException>(() => _store.OpenReadAsync(Key, default));
        }
    }

    [Fact]
    public async Task Swapped_dropped_and_repeated_chunks_are_noticed()
    {
        var path = await PutAsync(Key);
        var bytes = await File.ReadAllBytesAsync(path);
        var header = bytes[..(bytes.Length - Length - 4 * 16)];
        var chunks = bytes[header.Length..].Chunk(StoredChunk).ToArray();
        foreach (var order in new int[][] { [1, 0, 2, 3], [0, 2, 1, 3], [1, 2, 3], [0, 1, 3], [0, 1, 1, 2, 3], [0, 1, 2], [3] })
        {
            await File.WriteAllBytesAsync(path, [.. header, .. order.SelectMany(i => chunks[i])]);
            await AssertRefusedAsync(Key, string.Join(',', order));
        }
    }

    [Fact]
    public async Task The_file_of_another_key_is_refused()
    {
        var (one, two) = (await PutAsync(Key), await PutAsync(Other));
        File.Move(one, one + "-");
        File.Move(two, one);
        File.Move(one + "-", two);

        await Assert.ThrowsAsync<InvalidDataException>(() => _store.OpenReadAsync(Key, default));
        await Assert.ThrowsAsync<InvalidDataException>(() => _store.OpenReadAsync(Other, default));
    }

    [Fact]
    public async Task The_chunks_of_an_earlier_put_are_refused()
    {
        var path = await PutAsync(Key);
        var earlier = await File.ReadAllBytesAsync(path);
        await PutAsync(Key);
        var bytes = await File.ReadAllBytesAsync(path);
        var header = bytes.Length - Length - 4 * 16;
        await File.WriteAllBytesAsync(path, [.. bytes[..header], .. earlier[header..(header + StoredChunk)], .. bytes[(header + StoredChunk)..]]);

        await AssertRefusedAsync(Key, "the first chunk of an earlier put");
    }

    [Fact]
    public async Task What_is_cut_while_it_is_read_is_noticed()
    {
        var path = await PutAsync(Key);
        await using var stored = await _store.OpenReadAsync(Key, default);
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 2 * StoredChunk);
        }
        stored!.Content.Position = 2 * 64 * 1024;

        await Assert.ThrowsAsync<InvalidDataException>(async () => await stored.Content.ReadExactlyAsync(new byte[10]));
        Assert.Throws<InvalidDataException>(() => stored.Content.Read(new byte[10]));
    }

    [Fact]
    public async Task A_damaged_chunk_shows_no_byte_and_leaves_the_others_readable()
    {
        var path = await PutAsync(Key);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length - Length - 4 * 16 + StoredChunk + 60_000] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await using var stored = await _store.OpenReadAsync(Key, default);

        var buffer = new byte[10];
        stored!.Content.Position = 64 * 1024;
        Assert.Throws<InvalidDataException>(() => stored.Content.Read(buffer));
        Assert.Equal(new byte[10], buffer);
        stored.Content.Position = 2 * 64 * 1024;
        Assert.Equal(10, stored.Content.Read(buffer));
    }

    private async Task<string> PutAsync(ObjectKey key, int length = Length)
    {
        await _store.PutAsync(key, new ScriptedStream(length, i => (byte)(i * 31 + (i >> 8))), "image/png", default);
        return _directory.Combine("objects", key.Value + ".object");
    }

    private async Task<long> ReadAsync(ObjectKey key)
    {
        await using var stored = await _store.OpenReadAsync(key, default);
        using var all = new MemoryStream();
        await stored!.Content.CopyToAsync(all);
        return all.Length;
    }

    private async Task AssertRefusedAsync(ObjectKey key, string what)
    {
        var e = await Record.ExceptionAsync(() => ReadAsync(key));
        Assert.True(e is InvalidDataException, $"Changed {what}: {e}");
    }
}
