using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.ObjectStorage.S3;
using ImageRepo.Testing;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>Presigned links, followed by somebody who has nothing but the link.</summary>
public sealed class S3ContentLinksTests : IAsyncLifetime
{
    private static readonly ObjectKey Key = ObjectKey.Parse("originals/a/b");
    private static readonly byte[] Content = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];

    private readonly HttpClient _stranger = new();
    private S3TestBucket _bucket = null!;

    public async Task InitializeAsync()
    {
        _bucket = await S3TestBucket.CreateAsync();
        await _bucket.Store.PutAsync(Key, new MemoryStream(Content), "image/png", default);
    }

    public Task DisposeAsync()
    {
        _stranger.Dispose();
        _bucket.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_link_gives_the_object_to_whoever_holds_it_from_the_address_for_browsers()
    {
        using var links = _bucket.Links();
        var link = links.Create(Key);
        using var answer = await _stranger.GetAsync(link.Url);

        Assert.Equal("localhost", link.Url.Host);
        Assert.Equal(new Uri(link.Url.GetLeftPart(UriPartial.Authority)), links.Origin);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Null(answer.Content.Headers.ContentDisposition);
        Assert.Equal(Content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("immutable, private", string.Join(", ", answer.Headers.CacheControl!.ToString().Split(", ").Order()));
        Assert.InRange(answer.Content.Headers.Expires!.Value, link.ExpiresAt, link.ExpiresAt.AddSeconds(1));
    }

    [Theory]
    [InlineData("cat.jpg", "cat.jpg")]
    [InlineData("Grüße vom 東京; x=1.jpg", null)]
    [InlineData("a\"b\\c\r\nX-Evil: 1.jpg", null)]
    public async Task A_download_has_the_owners_file_name_and_no_header_of_its_own(string name, string? plain)
    {
        using var links = _bucket.Links();
        using var answer = await _stranger.GetAsync(links.Create(Key, name).Url);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var disposition = answer.Content.Headers.ContentDisposition!;
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.Equal(name, disposition.FileNameStar);
        Assert.True(plain is null || disposition.FileName == plain);
        Assert.False(answer.Headers.Contains("X-Evil"));
    }

    [Fact]
    public async Task Ranges_and_conditions_are_answered()
    {
        using var links = _bucket.Links();
        var url = links.Create(Key).Url;
        using var range = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(100, 199) } };
        using var part = await _stranger.SendAsync(range);
        using var condition = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { IfNoneMatch = { part.Headers.ETag! } } };
        using var unchanged = await _stranger.SendAsync(condition);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Content[100..200], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task A_changed_link_opens_nothing()
    {
        using var links = _bucket.Links();
        await _bucket.Store.PutAsync(ObjectKey.Parse("originals/a/c"), new MemoryStream([1]), "image/png", default);
        var url = links.Create(Key, "cat.jpg").Url.ToString();
        string[] forgeries =
        [
            url.Replace("originals/a/b", "originals/a/c"), url.Replace("cat.jpg", "dog.jpg"), url.Replace("X-Amz-Expires=", "X-Amz-Expires=9"),
            url.Replace("attachment", "inline"), url[..^1] + (url[^1] == '0' ? '1' : '0'), url[..url.IndexOf('?')], url[..url.LastIndexOf('/')] + "?list-type=2",
        ];
        foreach (var forgery in forgeries)
        {
            Assert.NotEqual(url, forgery);
            using var answer = await _stranger.GetAsync(forgery);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{forgery}: {answer.StatusCode}");
        }
        using var put = await _stranger.PutAsync(url, new ByteArrayContent([1]));
        using var delete = await _stranger.DeleteAsync(url);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (put.StatusCode, delete.StatusCode));
    }

    [Fact]
    public async Task A_link_ends()
    {
        using var links = _bucket.Links(lifetime: TimeSpan.FromSeconds(4));
        var link = links.Create(Key);
        using var before = await _stranger.GetAsync(link.Url);
        var wait = link.ExpiresAt - DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1.5);
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        using var after = await _stranger.GetAsync(link.Url);

        Assert.Equal(HttpStatusCode.Forbidden, after.StatusCode);
        Assert.True(before.IsSuccessStatusCode);
    }

    [Fact]
    public void A_link_is_the_same_within_its_window_and_lasts_from_half_the_lifetime_to_all_of_it()
    {
        var lifetime = TimeSpan.FromMinutes(30);
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        using var links = _bucket.Links(time, lifetime);
        var (windowEnd, _) = new Infrastructure.ObjectStorage.LinksOptions().WindowAt(time.Now);
        var first = links.Create(Key);
        Assert.InRange(first.ExpiresAt - time.Now, lifetime / 2 - TimeSpan.FromSeconds(1), lifetime);

        time.Now = windowEnd.AddTicks(-1);
        Assert.Equal(first, links.Create(Key));
        Assert.NotEqual(first, links.Create(Key, "cat.jpg"));
        time.Now = windowEnd;
        Assert.NotEqual(first, links.Create(Key));
        Assert.InRange(links.Create(Key).ExpiresAt - time.Now, lifetime - TimeSpan.FromSeconds(1), lifetime);
    }

    [Fact]
    public void A_link_ends_with_the_credentials_that_signed_it_and_is_not_given_until_its_last_second()
    {
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        var credentials = new EndingCredentials { End = time.Now.AddMinutes(4) };
        using var soon = _bucket.With(credentials);
        using var links = soon.Links(time);
        var link = links.Create(Key);

        Assert.InRange(link.ExpiresAt, time.Now.AddMinutes(3.9), time.Now.AddMinutes(4));
        credentials.End = time.Now.AddHours(2);
        Assert.Equal(link, links.Create(Key));
        time.Now = time.Now.AddMinutes(2.1);
        Assert.True(links.Create(Key).ExpiresAt > link.ExpiresAt.AddMinutes(5));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("test-key")]
    public async Task An_object_can_be_put_by_its_link_encrypted_with_the_length_that_was_signed_and_no_other(string? kmsKeyId)
    {
        using var bucket = _bucket.With(change: o => (o.Encryption, o.KmsKeyId) = kmsKeyId is null ? (S3Options.ManagedByS3, "") : (S3Options.ManagedByKms, kmsKeyId));
        var key = ObjectKey.Parse("uploads/a/b/1");
        var (url, headers) = new S3PutLinks(bucket.Bucket).Create(key, Content.Length, DateTimeOffset.UtcNow.AddMinutes(5));

        Assert.Equal("localhost", url.Host);
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync([.. Content, 1], headers));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(Content[1..], headers));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(Content, new Dictionary<string, string>()));
        Assert.Null(await bucket.Store.OpenReadAsync(key, default));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(Content, headers));

        await using var stored = await bucket.Store.OpenReadAsync(key, default);
        Assert.Equal(Content.Length, stored!.Length);
        var facts = await bucket.Bucket.Client.GetObjectMetadataAsync(bucket.Bucket.Name, key.Value);
        Assert.Equal(kmsKeyId, facts.ServerSideEncryptionKeyManagementServiceKeyId is { Length: > 0 } id ? id : null);

        async Task<HttpStatusCode> PutAsync(byte[] content, IReadOnlyDictionary<string, string> with)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(content) };
            foreach (var (name, value) in with)
            {
                request.Headers.Add(name, value);
            }
            using var answer = await _stranger.SendAsync(request);
            return answer.StatusCode;
        }
    }

    private sealed class EndingCredentials : AWSCredentials
    {
        public DateTimeOffset End { get; set; }

        public override DateTime? Expiration { get => End.UtcDateTime; set => throw new NotSupportedException(); }

        public override ImmutableCredentials GetCredentials() => S3Server.Credentials.GetCredentials();
    }
}
