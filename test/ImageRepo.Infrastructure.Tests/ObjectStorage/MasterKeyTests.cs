using System.Text;
using ImageRepo.Infrastructure.Encryption;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

public sealed class MasterKeyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_first_start_makes_a_key_that_only_its_owner_can_read_and_later_starts_use_it()
    {
        var first = NewFile().ReadOrCreate().Current;
        var second = NewFile().ReadOrCreate().Current;

        Assert.Equal(first.ToBase64(), second.ToBase64());
        Assert.Equal(32, Convert.FromBase64String(first.ToBase64()).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, TemporaryDirectory.ModeOf(KeyPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, TemporaryDirectory.ModeOf(_directory.Combine("keys")));
        Assert.Equal([KeyPath], _directory.Files("keys"));
    }

    [Fact]
    public async Task Starts_at_the_same_time_agree_on_one_key()
    {
        using var gate = new Barrier(8);
        var starts = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var file = NewFile();
                gate.SignalAndWait();
                return file.ReadOrCreate().Current.ToBase64();
            },
            TaskCreationOptions.LongRunning));

        Assert.Single((await Task.WhenAll(starts)).Distinct());
        Assert.Equal([KeyPath], _directory.Files("keys"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQtc2VjcmV0")]
    public void A_damaged_key_file_is_refused_without_showing_what_it_holds(string content)
    {
        Directory.CreateDirectory(_directory.Combine("keys"));
        File.WriteAllText(KeyPath, content);

        var e = Assert.Throws<SetupException>(() => NewFile().ReadOrCreate());
        Assert.Contains(KeyPath, e.Message);
        Assert.True(content.Length == 0 || !e.ToString().Contains(content));
        Assert.Equal(content, File.ReadAllText(KeyPath));
    }

    [Fact]
    public async Task A_lost_key_is_not_replaced_while_there_are_objects_that_need_it()
    {
        var store = _directory.OpenStore(NewFile().ReadOrCreate().Current);
        await store.PutAsync(Domain.Storage.ObjectKey.Parse("originals/a/b"), new MemoryStream([1]), "image/png", default);
        File.Delete(KeyPath);

        var e = Assert.Throws<SetupException>(() => NewFile().ReadOrCreate());
        Assert.Contains("backup", e.Message);
        Assert.False(File.Exists(KeyPath));
    }

    [Fact]
    public void Keys_for_different_purposes_and_of_different_masters_differ()
    {
        var (one, two) = (MasterKey.Generate(), MasterKey.Generate());

        Assert.NotEqual(one.Id, two.Id);
        Assert.NotEqual(one.Derive("a"), one.Derive("b"));
        Assert.NotEqual(one.Derive("a"), two.Derive("a"));
        Assert.Equal(one.Derive("a"), MasterKey.Parse(one.ToBase64()).Derive("a"));
        Assert.DoesNotContain(one.ToBase64(), one.ToString());
    }

    [Fact]
    public void A_box_opens_only_unchanged_for_its_purpose_in_its_context_with_its_key()
    {
        var key = MasterKey.Generate();
        var ring = new MasterKeyRing(key);
        var box = ring.Seal("a", "secret"u8, "context"u8);

        Assert.Equal("secret", Encoding.UTF8.GetString(ring.Open("a", box, "context"u8)));
        Assert.Equal("secret", Encoding.UTF8.GetString(new MasterKeyRing(MasterKey.Generate(), key).Open("a", box, "context"u8)));
        Assert.NotEqual(box, ring.Seal("a", "secret"u8, "context"u8));
        Assert.Throws<InvalidDataException>(() => ring.Open("b", box, "context"u8));
        Assert.Throws<InvalidDataException>(() => ring.Open("a", box, "contexts"u8));
        Assert.Throws<InvalidDataException>(() => new MasterKeyRing(MasterKey.Generate()).Open("a", box, "context"u8));
        for (var length = 0; length < box.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => ring.Open("a", box.AsSpan(0, length), "context"u8));
        }
        for (var i = 0; i < box.Length; i++)
        {
            var changed = box.ToArray();
            changed[i] ^= 0x80;
            Assert.Throws<InvalidDataException>(() => ring.Open("a", changed, "context"u8));
        }
    }

    private string KeyPath => _directory.Combine("keys", "master.key");

    private MasterKeyFile NewFile() => new(_directory.Data, NullLogger<MasterKeyFile>.Instance);
}
