using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage.FileSystem;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

public sealed class FileSystemObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly MasterKey _masterKey = MasterKey.Generate();
    private readonly SteppedTime _time = new(DateTimeOffset.UtcNow);
    private readonly FileSystemObjectStore _store;

    public FileSystemObjectStoreTests() => _store = _directory.OpenStore(_masterKey, _time);

    protected override IObjectStore Store => _store;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_put_shows_no_plaintext_on_the_disk_while_it_runs_or_after()
    {
        var marker = "PLAINTEXT-MARKER"u8.ToArray();
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Repeat(marker, 3 * ChunkSize / marker.Length).SelectMany(b => b)];
        var staged = 0L;
        var source = new ScriptedStream(jpeg, _ =>
        {
            staged = _directory.Files().Sum(f => new FileInfo(f).Length);
            AssertNothingShows();
            return Task.CompletedTask;
        });
        await Store.PutAsync(NewKey(), source, "image/jpeg", default);

        Assert.True(staged > ChunkSize, "The put had written nothing yet when the disk was searched.");
        Assert.Single(_directory.Files());
        AssertNothingShows();

        void AssertNothingShows()
        {
            foreach (var file in _directory.Files())
            {
                var bytes = ReadShared(file);
                Assert.False(bytes.AsSpan().IndexOf(marker.AsSpan()) >= 0, "The content can be read.");
                Assert.False(bytes.AsSpan().IndexOf("image/jpeg"u8) >= 0, "The content type can be read.");
                Assert.False(bytes.AsSpan().StartsWith(jpeg.AsSpan(0, 3)), "The file starts as a JPEG.");
            }
        }
    }

    [Fact]
    public async Task A_reader_keeps_what_it_opened_while_it_is_replaced_and_deleted()
    {
        var (key, content) = (NewKey(), Bytes(10 * ChunkSize));
        await PutAsync(key, content);
        await using var stored = await OpenAsync(key);
        await PutAsync(key, Bytes(10));
        await Store.DeleteAsync(key, default);

        Assert.Equal(content, await ReadAllAsync(stored));
    }

    [Fact]
    public async Task A_put_that_fails_leaves_no_staged_file()
    {
        var failing = new ScriptedStream(Bytes(3 * ChunkSize), _ =>
        {
            Assert.Single(_directory.Files());
            throw new IOException();
        });
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(NewKey(), failing, "image/png", default));

        Assert.Empty(_directory.Files());
    }

    [Fact]
    public async Task A_volume_that_goes_away_in_the_middle_of_a_put_finds_nothing_in_its_place()
    {
        var (key, objects) = (NewKey(), _directory.Combine("objects"));
        var source = new ScriptedStream(Bytes(3 * ChunkSize), _ =>
        {
            Directory.Move(objects, objects + ".away");
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.PutAsync(key, source, "image/png", default));

        Assert.False(Directory.Exists(objects));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.OpenReadAsync(key, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.ExistsAsync(key, default));
        Directory.Move(objects + ".away", objects);
        Assert.Null(await Store.OpenReadAsync(key, default));
        await PutAsync(key, Bytes(1));
    }

    [Fact]
    public async Task Folders_go_with_their_last_object()
    {
        var (first, second) = (NewKey(), NewKey());
        await PutAsync(first, Bytes(1));
        await PutAsync(second, Bytes(1));
        await Store.DeleteAsync(first, default);
        Assert.Single(Directory.GetDirectories(_directory.Combine("objects", "originals")));

        await Store.DeleteAsync(second, default);
        Assert.False(Directory.Exists(_directory.Combine("objects", "originals")));
        Assert.True(Directory.Exists(_directory.Combine("objects")));
    }

    [Fact]
    public void Staging_older_than_a_day_is_removed_and_younger_is_kept()
    {
        var old = _directory.Combine("objects", ".staging", "old");
        var young = _directory.Combine("objects", ".staging", "young");
        File.WriteAllText(old, "");
        File.WriteAllText(young, "");
        File.SetLastWriteTimeUtc(old, _time.Now.UtcDateTime.AddHours(-24.1));
        File.SetLastWriteTimeUtc(young, _time.Now.UtcDateTime.AddHours(-23.9));
        _store.RemoveAbandonedStaging();

        Assert.Equal([young], _directory.Files());
    }

    [Fact]
    public async Task Files_and_folders_are_for_their_owner_alone()
    {
        await PutAsync(NewKey(), Bytes(1));

        const UnixFileMode others = (UnixFileMode)0b111_111;
        Assert.All(_directory.Files(), f => Assert.Equal(default, TemporaryDirectory.ModeOf(f) & others));
        Assert.Equal(default, TemporaryDirectory.ModeOf(_directory.Combine("objects")) & others);
        Assert.Equal(default, TemporaryDirectory.ModeOf(_directory.Combine("objects", ".staging")) & others);
    }

    [Fact]
    public async Task A_list_passes_over_files_that_no_put_has_made()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(1));
        var file = Assert.Single(_directory.Files());
        File.Copy(file, file.Replace(".object", " (copy).object"));
        File.Copy(file, file + "~");
        Directory.CreateSymbolicLink(_directory.Combine("objects", "round"), _directory.Path);

        Assert.Equal([key], await Store.ListAsync("", default).Select(i => i.Key).ToListAsync());
    }

    [Fact]
    public async Task Another_node_on_the_same_folder_reads_what_was_put()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(100));

        await using var stored = await _directory.OpenStore(_masterKey).OpenReadAsync(key, default);
        Assert.NotNull(stored);
        Assert.Equal(Bytes(100), await ReadAllAsync(stored));
    }

    [Fact]
    public async Task A_retired_master_key_still_reads()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(100));
        var store = new FileSystemObjectStore(_directory.Data, new MasterKeyRing(MasterKey.Generate(), _masterKey), _time, NullLogger<FileSystemObjectStore>.Instance);

        await using var stored = await store.OpenReadAsync(key, default);
        Assert.NotNull(stored);
        Assert.Equal(Bytes(100), await ReadAllAsync(stored));
        store.CheckMasterKey();
    }

    [Fact]
    public async Task Another_master_key_reads_nothing_and_is_refused_at_start()
    {
        var key = NewKey();
        _store.CheckMasterKey();
        await PutAsync(key, Bytes(100));
        _store.CheckMasterKey();
        var stranger = _directory.OpenStore(MasterKey.Generate());

        await Assert.ThrowsAsync<InvalidDataException>(() => stranger.OpenReadAsync(key, default));
        var e = Assert.Throws<SetupException>(stranger.CheckMasterKey);
        Assert.Contains("Encryption:MasterKey", e.Message);
    }

    [Fact]
    public async Task A_disposed_stream_does_not_read()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(100));
        var stored = await OpenAsync(key);
        await stored.DisposeAsync();
        stored.Dispose();

        Assert.Throws<ObjectDisposedException>(() => stored.Content.Read(new byte[1]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stored.Content.ReadExactlyAsync(new byte[1]));
    }

    private static byte[] ReadShared(string file)
    {
        // The writer holds the file for itself, which .NET respects; another program would not.
        using var copy = new System.Diagnostics.Process { StartInfo = new("cat", [file]) { RedirectStandardOutput = true } };
        copy.Start();
        using var bytes = new MemoryStream();
        copy.StandardOutput.BaseStream.CopyTo(bytes);
        copy.WaitForExit();
        return bytes.ToArray();
    }
}
