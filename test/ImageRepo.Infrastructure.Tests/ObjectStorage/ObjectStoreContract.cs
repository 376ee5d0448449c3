using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>What every adapter of <see cref="IObjectStore"/> does. Each test uses owners of its own, so that a shared store serves.</summary>
public abstract partial class ObjectStoreContract
{
    protected const int ChunkSize = 64 * 1024;

    private readonly OwnerId _owner = new(Guid.NewGuid());

    protected abstract IObjectStore Store { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ChunkSize - 1)]
    [InlineData(ChunkSize)]
    [InlineData(ChunkSize + 1)]
    [InlineData(3 * ChunkSize)]
    [InlineData(5_000_003)]
    public async Task An_object_reads_as_it_was_put(int length)
    {
        var (key, content) = (NewKey(), Bytes(length));
        await Store.PutAsync(key, new ScriptedStream(content), "image/png", default);

        await using var stored = await OpenAsync(key);
        Assert.Equal(length, stored.Length);
        Assert.Equal(length, stored.Content.Length);
        Assert.Equal("image/png", stored.ContentType);
        Assert.NotEmpty(stored.ETag);
        Assert.DoesNotContain('"', stored.ETag);
        Assert.InRange(stored.LastModified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Equal(content, await ReadAllAsync(stored));
    }

    [Fact]
    public async Task A_put_takes_the_rest_of_the_stream_and_leaves_it_open()
    {
        var (key, content) = (NewKey(), new MemoryStream(Bytes(100)) { Position = 40 });
        await Store.PutAsync(key, content, "image/png", default);

        Assert.True(content.CanRead);
        await using var stored = await OpenAsync(key);
        Assert.Equal(Bytes(100)[40..], await ReadAllAsync(stored));
    }

    [Fact]
    public async Task Ranges_are_read_by_seeking()
    {
        var (key, content) = (NewKey(), Bytes(4 * ChunkSize + 777));
        await PutAsync(key, content);

        await using var stored = await OpenAsync(key);
        Assert.True(stored.Content.CanSeek);
        foreach (var (start, length) in new[] { (0, 10), (ChunkSize - 5, 10), (2 * ChunkSize, ChunkSize), (4 * ChunkSize + 700, 77), (3, 3 * ChunkSize), (17, 1) })
        {
            var range = new byte[length];
            stored.Content.Position = start;
            await stored.Content.ReadExactlyAsync(range);
            Assert.Equal(content[start..(start + length)], range);

            Array.Clear(range);
            Assert.Equal(start, stored.Content.Seek(start - content.Length, SeekOrigin.End));
            stored.Content.ReadExactly(range);
            Assert.Equal(content[start..(start + length)], range);
        }
    }

    [Fact]
    public async Task Reading_ends_at_the_end_and_behind_it()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(ChunkSize));

        await using var stored = await OpenAsync(key);
        foreach (var position in new long[] { ChunkSize, ChunkSize + 1, long.MaxValue })
        {
            stored.Content.Position = position;
            Assert.Equal(0, await stored.Content.ReadAsync(new byte[10]));
            Assert.Equal(0, stored.Content.Read(new byte[10]));
        }
        Assert.ThrowsAny<Exception>(() => stored.Content.Position = -1);
        Assert.ThrowsAny<IOException>(() => stored.Content.Seek(-1, SeekOrigin.Begin));
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_null()
    {
        Assert.Null(await Store.OpenReadAsync(NewKey(), default));

        var key = NewKey();
        await PutAsync(key, Bytes(10));
        Assert.Null(await Store.OpenReadAsync(ObjectKey.Parse(key.Value + "/320"), default));
        Assert.Null(await Store.OpenReadAsync(ObjectKey.Parse(key.Value[..key.Value.LastIndexOf('/')]), default));
    }

    [Fact]
    public async Task Whether_an_object_is_there_is_told_without_opening_it()
    {
        var key = NewKey();
        Assert.False(await Store.ExistsAsync(key, default));

        await PutAsync(key, Bytes(10));
        Assert.True(await Store.ExistsAsync(key, default));
        Assert.False(await Store.ExistsAsync(ObjectKey.Parse(key.Value + "/320"), default));
        Assert.False(await Store.ExistsAsync(ObjectKey.Parse(key.Value[..key.Value.LastIndexOf('/')]), default));

        await PutAsync(key, []);
        Assert.True(await Store.ExistsAsync(key, default));
        await Store.DeleteAsync(key, default);
        Assert.False(await Store.ExistsAsync(key, default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ExistsAsync(default, default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ExistsAsync(key, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_key_may_be_the_folder_of_another()
    {
        var outer = NewKey();
        var inner = ObjectKey.Parse(outer.Value + "/320");
        await PutAsync(outer, Bytes(10));
        await PutAsync(inner, Bytes(20));

        await using (var first = await OpenAsync(outer))
        {
            Assert.Equal(10, first.Length);
        }
        await Store.DeleteAsync(outer, default);
        await using var second = await OpenAsync(inner);
        Assert.Equal(20, second.Length);
    }

    [Fact]
    public async Task A_second_put_replaces_the_first_and_changes_its_ETag()
    {
        var key = NewKey();
        await Store.PutAsync(key, new ScriptedStream(Bytes(3 * ChunkSize)), "image/png", default);
        string first;
        await using (var stored = await OpenAsync(key))
        {
            first = stored.ETag;
        }
        await Store.PutAsync(key, new ScriptedStream(Bytes(10, seed: 2)), "image/webp", default);

        await using var replaced = await OpenAsync(key);
        Assert.Equal(Bytes(10, seed: 2), await ReadAllAsync(replaced));
        Assert.Equal("image/webp", replaced.ContentType);
        Assert.NotEqual(first, replaced.ETag);
        await using var again = await OpenAsync(key);
        Assert.Equal(replaced.ETag, again.ETag);
    }

    [Fact]
    public async Task A_reader_never_sees_two_puts_mixed()
    {
        var (key, old) = (NewKey(), Bytes(10 * ChunkSize));
        await PutAsync(key, old);
        await using var stored = await OpenAsync(key);
        var read = new byte[old.Length];
        await stored.Content.ReadExactlyAsync(read.AsMemory(0, 100));

        await PutAsync(key, Bytes(old.Length, seed: 2));

        try
        {
            await stored.Content.ReadExactlyAsync(read.AsMemory(100));
            Assert.Equal(old, read);
        }
        catch (IOException)
        {
            // A store that reads range by range may notice the change and give up.
        }
    }

    [Fact]
    public async Task Of_puts_at_the_same_time_one_wins_whole()
    {
        var key = NewKey();
        var contents = Enumerable.Range(1, 8).Select(i => Bytes(2 * ChunkSize + i, seed: i)).ToList();
        await Task.WhenAll(contents.Select(c => Task.Run(() => PutAsync(key, c))));

        await using var stored = await OpenAsync(key);
        var winner = await ReadAllAsync(stored);
        Assert.Contains(contents, c => c.AsSpan().SequenceEqual(winner));
        Assert.Equal([key], await ListAsync(Folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ChunkSize)]
    [InlineData(10 * ChunkSize)]
    public async Task A_source_that_fails_leaves_nothing(int length)
    {
        var key = NewKey();
        var failing = new ScriptedStream(Bytes(length), _ => throw new IOException("The client has left."));
        var e = await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(key, failing, "image/png", default));

        Assert.Equal("The client has left.", e.Message);
        Assert.Null(await Store.OpenReadAsync(key, default));
        Assert.Empty(await ListAsync(Folder));
    }

    [Fact]
    public async Task A_put_that_fails_keeps_what_was_there()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(100));
        var failing = new ScriptedStream(Bytes(5 * ChunkSize, seed: 2), _ => throw new IOException());
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(key, failing, "image/png", default));

        await using var stored = await OpenAsync(key);
        Assert.Equal(Bytes(100), await ReadAllAsync(stored));
    }

    [Fact]
    public async Task A_cancelled_put_leaves_nothing()
    {
        var key = NewKey();
        using var cancellation = new CancellationTokenSource();
        var source = new ScriptedStream(Bytes(5 * ChunkSize), async token =>
        {
            await cancellation.CancelAsync();
            token.ThrowIfCancellationRequested();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(key, source, "image/png", cancellation.Token));

        Assert.Null(await Store.OpenReadAsync(key, default));
        Assert.Empty(await ListAsync(Folder));
    }

    [Fact]
    public async Task A_put_cancelled_at_its_very_end_leaves_nothing_either()
    {
        var key = NewKey();
        using var cancellation = new CancellationTokenSource();
        var source = new ScriptedStream(Bytes(10), _ => cancellation.CancelAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(key, source, "image/png", cancellation.Token));

        Assert.Null(await Store.OpenReadAsync(key, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("image/png\r\nSet-Cookie: a=b")]
    [InlineData("image/ü")]
    public async Task A_content_type_that_is_no_header_value_is_refused(string contentType)
    {
        var key = NewKey();
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutAsync(key, new MemoryStream(Bytes(1)), contentType, default));
        Assert.Null(await Store.OpenReadAsync(key, default));
    }

    protected string Folder => $"{ObjectKey.OriginalsPrefix}{_owner.Value:N}/";

    protected ObjectKey NewKey() => ObjectKey.Original(_owner, NewImage());

    protected static ImageId NewImage() => new(Guid.NewGuid());

    protected static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    protected Task PutAsync(ObjectKey key, byte[] content) => Store.PutAsync(key, new MemoryStream(content, writable: false), "image/png", default);

    protected async Task<StoredObject> OpenAsync(ObjectKey key)
    {
        var stored = await Store.OpenReadAsync(key, default);
        Assert.NotNull(stored);
        return stored;
    }

    protected static async Task<byte[]> ReadAllAsync(StoredObject stored)
    {
        using var all = new MemoryStream();
        await stored.Content.CopyToAsync(all);
        return all.ToArray();
    }

    protected async Task<List<ObjectKey>> ListAsync(string prefix) => await Store.ListAsync(prefix, default).Select(i => i.Key).ToListAsync();
}
