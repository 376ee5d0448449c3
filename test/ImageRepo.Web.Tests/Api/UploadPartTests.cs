using System.Net;
using System.Security.Cryptography;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Api;

public sealed class UploadPartTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private static readonly byte[] Marker = "what is written here must never be read on the disk"u8.ToArray();

    [Fact]
    public async Task A_large_photo_arrives_in_parts_byte_for_byte_and_is_never_readable_on_the_disk()
    {
        using var person = await App.SignUpAsync();
        var parts = new PartsClient(person);
        var photo = LargePhoto(20_000_000);
        var upload = await parts.BeginAsync(photo.Length, contentHash: Convert.ToHexString(SHA256.HashData(photo)));

        await PartsClient.SendMissingAsync(upload, photo.Length, PartsClient.Reader(photo));
        // Again, as after an answer that was lost.
        using var again = await PartsClient.PutAsync(PartsClient.UrlOf(upload, 3), new ByteArrayContent(photo[(16 << 20)..]));
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        RequireUnreadable();
        var completed = await parts.CompleteAsync(upload);
        RequireUnreadable();

        var original = await person.Http.GetByteArrayAsync(completed.GetProperty("image").GetProperty("original").GetProperty("url").GetString());
        Assert.Equal(photo, original);
        // The addresses are still in time, but the upload is over.
        using var late = await PartsClient.PutAsync(PartsClient.UrlOf(upload, 3), new ByteArrayContent(photo[(16 << 20)..]));
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        Assert.Empty(PartFiles());
    }

    [Fact]
    public async Task A_part_has_exactly_the_length_that_was_signed()
    {
        using var person = await App.SignUpAsync();
        var upload = await new PartsClient(person).BeginAsync(1_000);
        var url = PartsClient.UrlOf(upload, 1);
        using var chunked = new HttpRequestMessage(HttpMethod.Put, url) { Content = new StreamContent(new NoLength(new byte[1_000])), Headers = { TransferEncodingChunked = true } };

        using var shorter = await PartsClient.PutAsync(url, new ByteArrayContent(new byte[999]));
        using var longer = await PartsClient.PutAsync(url, new ByteArrayContent(new byte[1_001]));
        using var huge = await PartsClient.PutAsync(url, new ByteArrayContent(new byte[900_000]));
        using var unknown = await person.Http.SendAsync(chunked);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.LengthRequired), (shorter.StatusCode, longer.StatusCode, huge.StatusCode, unknown.StatusCode));
        Assert.Equal("This part has 1000 bytes, not 999.", await shorter.Content.ReadAsStringAsync());
        Assert.False((await new PartsClient(person).BeginAsync(1_000, upload.GetProperty("id").GetString())).GetProperty("parts")[0].GetProperty("isReceived").GetBoolean());
    }

    [Fact]
    public async Task A_part_that_is_cut_off_leaves_nothing()
    {
        using var person = await App.SignUpAsync();
        var upload = await new PartsClient(person).BeginAsync(5_000_000);
        using var cut = new CancellationTokenSource();
        var body = new CutOff(5_000_000, after: 2_000_000, cut);

        await Assert.ThrowsAnyAsync<Exception>(() => PartsClient.PutAsync(PartsClient.UrlOf(upload, 1), new StreamContent(body) { Headers = { ContentLength = 5_000_000 } }, cut.Token));

        var resumed = await new PartsClient(person).BeginAsync(5_000_000, upload.GetProperty("id").GetString());
        Assert.False(resumed.GetProperty("parts")[0].GetProperty("isReceived").GetBoolean());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("....")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("{changed}")]
    [InlineData("{longer}")]
    public async Task Forged_addresses_are_refused(string token)
    {
        using var person = await App.SignUpAsync();
        var real = PartsClient.UrlOf(await new PartsClient(person).BeginAsync(10), 1).Segments[^1];
        var middle = real[40] == 'A' ? 'B' : 'A';
        token = token.Replace("{changed}", $"{real[..40]}{middle}{real[41..]}").Replace("{longer}", real + "AAAA");

        using var response = await PartsClient.PutAsync(new Uri(App.Address, "/uploads/" + token), new ByteArrayContent(new byte[10]));
        using var asContent = await person.Http.GetAsync("/content/" + real);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, asContent.StatusCode);
    }

    [Fact]
    public async Task Another_site_may_send_parts_and_nothing_else()
    {
        using var person = await App.SignUpAsync();
        var url = PartsClient.UrlOf(await new PartsClient(person).BeginAsync(10), 1);
        using var ask = new HttpRequestMessage(HttpMethod.Options, url) { Headers = { { "Origin", "https://elsewhere.example" }, { "Access-Control-Request-Method", "PUT" } } };
        using var send = new HttpRequestMessage(HttpMethod.Put, url) { Headers = { { "Origin", "https://elsewhere.example" } }, Content = new ByteArrayContent(new byte[10]) };

        using var may = await person.Http.SendAsync(ask);
        using var sent = await person.Http.SendAsync(send);
        using var read = await person.Http.GetAsync(url);

        Assert.Equal(("*", "PUT"), (may.Headers.GetValues("Access-Control-Allow-Origin").Single(), may.Headers.GetValues("Access-Control-Allow-Methods").Single()));
        Assert.False(may.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal(("*", HttpStatusCode.NoContent), (sent.Headers.GetValues("Access-Control-Allow-Origin").Single(), sent.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Fact]
    public async Task The_same_picture_with_another_title_is_told_of()
    {
        using var person = await App.SignUpAsync();
        var parts = new PartsClient(person);
        var first = await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        var titled = Photos.Variant(Photos.Eagle);
        var upload = await parts.BeginAsync(titled.Length);
        await PartsClient.SendMissingAsync(upload, titled.Length, PartsClient.Reader(titled));

        var completed = await parts.CompleteAsync(upload);

        Assert.False(completed.GetProperty("isDuplicate").GetBoolean());
        Assert.Equal(first, completed.GetProperty("samePicture").GetProperty("id").GetString());
        Assert.NotEqual(first, completed.GetProperty("image").GetProperty("id").GetString());
    }

    private void RequireUnreadable() => Assert.DoesNotContain(Directory.EnumerateFiles(App.DataDirectory, "*", SearchOption.AllDirectories),
        file => File.ReadAllBytes(file).AsSpan().IndexOf(Marker) >= 0);

    private IEnumerable<string> PartFiles() => Directory.Exists(Path.Combine(App.DataDirectory, "objects", "uploads"))
        ? Directory.EnumerateFiles(Path.Combine(App.DataDirectory, "objects", "uploads"), "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length > 15_000_000 / 3)
        : [];

    /// <summary>A photo with bytes behind its end that belong to the file but not to the picture.</summary>
    private static byte[] LargePhoto(int length)
    {
        var photo = Photos.Variant(Photos.Giraffe);
        var file = new byte[length];
        for (var at = photo.Length; at < length - Marker.Length; at += 1_000)
        {
            Marker.CopyTo(file, at);
        }
        photo.CopyTo(file, 0);
        return file;
    }

    private sealed class NoLength(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }

    /// <summary>Gives some bytes, then cancels.</summary>
    private sealed class CutOff(long length, long after, CancellationTokenSource cut) : Stream
    {
        private long _given;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given >= after)
            {
                await cut.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                throw new IOException("The sender is gone.");
            }
            _given += buffer.Length;
            return buffer.Length;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get => _given; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
