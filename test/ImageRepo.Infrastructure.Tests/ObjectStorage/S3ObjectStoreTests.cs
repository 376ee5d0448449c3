using System.Net;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.ObjectStorage.S3;
using ImageRepo.Testing;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>The contract on a real S3 server, and what is S3's alone.</summary>
public sealed class S3ObjectStoreTests : ObjectStoreContract, IAsyncLifetime
{
    private const string EncryptionHeader = "x-amz-server-side-encryption";

    private S3TestBucket _bucket = null!;

    protected override IObjectStore Store => _bucket.Store;

    public async Task InitializeAsync() => _bucket = await S3TestBucket.CreateAsync();

    public Task DisposeAsync()
    {
        _bucket.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(S3Upload.PartSize - 1)]
    [InlineData(S3Upload.PartSize)]
    [InlineData(S3Upload.PartSize + 1)]
    [InlineData(3 * S3Upload.PartSize)]
    public async Task An_object_of_any_number_of_parts_reads_as_it_was_put(int length)
    {
        var (key, content) = (NewKey(), Bytes(length));
        await Store.PutAsync(key, new ScriptedStream(content), "image/png", default);

        await using var stored = await OpenAsync(key);
        Assert.Equal(length, stored.Length);
        Assert.Equal("image/png", stored.ContentType);
        var read = await ReadAllAsync(stored);
        Assert.True(content.AsSpan().SequenceEqual(read));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(S3Upload.PartSize + 10)]
    public async Task The_server_is_asked_to_encrypt_where_an_object_is_made_and_nowhere_else(int length)
    {
        var key = NewKey();
        await PutAsync(key, Bytes(length));
        await using (var stored = await OpenAsync(key))
        {
            stored.Content.Position = length - 1;
            await stored.Content.ReadExactlyAsync(new byte[1]);
        }
        await ListAsync(Folder);
        await Store.DeleteAsync(key, default);

        var (making, others) = Partition(_bucket.Wire.Sent, r =>
            (r.Method == HttpMethod.Put && !r.Address.Query.Contains("partNumber")) || (r.Method == HttpMethod.Post && r.Address.Query.Contains("uploads")));
        Assert.Equal("AES256", Assert.Single(making).Headers[EncryptionHeader]);
        Assert.True(others.Count >= 3);
        Assert.All(others, r => Assert.DoesNotContain(r.Headers.Keys, h => h.StartsWith(EncryptionHeader, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_key_of_the_key_service_is_named_when_the_setting_says_so_and_encrypts_the_object()
    {
        using var kms = _bucket.With(change: o => (o.Encryption, o.KmsKeyId) = (S3Options.ManagedByKms, "test-key"));
        var key = NewKey();
        await kms.Store.PutAsync(key, new MemoryStream(Bytes(S3Upload.PartSize + 5)), "image/png", default);

        var making = Assert.Single(kms.Wire.Sent, r => r.Headers.ContainsKey(EncryptionHeader));
        Assert.Equal("aws:kms", making.Headers[EncryptionHeader]);
        Assert.Equal("test-key", making.Headers[EncryptionHeader + "-aws-kms-key-id"]);
        var stored = await _bucket.Bucket.Client.GetObjectMetadataAsync(_bucket.Bucket.Name, key.Value);
        Assert.Equal("test-key", stored.ServerSideEncryptionKeyManagementServiceKeyId);
        await using var read = await OpenAsync(key);
        Assert.Equal(Bytes(S3Upload.PartSize + 5), await ReadAllAsync(read));
    }

    [Fact]
    public async Task A_put_that_fails_in_a_later_part_leaves_no_part_behind()
    {
        var failing = new ScriptedStream(Bytes(2 * S3Upload.PartSize), _ => throw new IOException("The client has left."));
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(NewKey(), failing, "image/png", default));

        var uploads = await _bucket.Bucket.Client.ListMultipartUploadsAsync(new Amazon.S3.Model.ListMultipartUploadsRequest { BucketName = _bucket.Bucket.Name });
        Assert.Empty(uploads.MultipartUploads ?? []);
        Assert.Contains(_bucket.Wire.Sent, r => r.Method == HttpMethod.Delete);
    }

    [Fact]
    public async Task What_is_forbidden_is_told_from_what_is_not_there()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(10));
        using var stranger = _bucket.With(S3Server.StrangersCredentials);
        using var forger = _bucket.With(new Amazon.Runtime.BasicAWSCredentials("tests", "not-the-secret"));
        using var nobody = _bucket.With(new Amazon.Runtime.BasicAWSCredentials("nobody", "nobody-secret"));
        using var elsewhere = _bucket.With(change: o => o.Bucket = "no-such-bucket");

        Assert.Null(await Store.OpenReadAsync(NewKey(), default));
        foreach (var (store, code) in new[] { (stranger, "AccessDenied"), (forger, "SignatureDoesNotMatch"), (nobody, "InvalidAccessKeyId"), (elsewhere, "NoSuchBucket") })
        {
            var read = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Store.OpenReadAsync(key, default));
            Assert.Equal(code, Assert.IsType<Amazon.S3.AmazonS3Exception>(read.InnerException).ErrorCode);
            var asked = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Store.ExistsAsync(key, default));
            Assert.Equal(code, Assert.IsType<Amazon.S3.AmazonS3Exception>(asked.InnerException).ErrorCode);
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Store.PutAsync(key, new MemoryStream([1]), "image/png", default));
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Store.DeleteAsync(key, default));
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await store.Store.ListAsync("", default).ToListAsync());
            Assert.Contains(store.Log.Entries, e => e.Message.Contains(code, StringComparison.Ordinal));
            Assert.DoesNotContain("secret", read.Message);
        }
        await using var untouched = await OpenAsync(key);
        Assert.Equal(Bytes(10), await ReadAllAsync(untouched));
    }

    [Fact]
    public async Task Whether_an_object_is_there_is_one_request_without_its_content()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(1_000_000));
        var before = _bucket.Wire.Sent.Count;

        Assert.True(await Store.ExistsAsync(key, default));

        Assert.Equal(HttpMethod.Head, Assert.Single(_bucket.Wire.Sent.Skip(before)).Method);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_taken_up_where_it_did()
    {
        var (key, content) = (NewKey(), Bytes(1_000_000));
        await PutAsync(key, content);
        var broken = 0;
        _bucket.Wire.After = (request, answer) =>
        {
            if (request.Method == HttpMethod.Get && Interlocked.Increment(ref broken) <= 2)
            {
                var headers = answer.Content.Headers.ToList();
                answer.Content = new StreamContent(new ScriptedStream(answer.Content.ReadAsByteArrayAsync().Result[..300_000], _ => throw new HttpIOException(HttpRequestError.ResponseEnded)));
                headers.ForEach(h => answer.Content.Headers.TryAddWithoutValidation(h.Key, h.Value));
            }
            return answer;
        };

        await using var stored = await OpenAsync(key);
        Assert.Equal(content, await ReadAllAsync(stored));
        Assert.Equal(3, _bucket.Wire.Sent.Count(r => r.Method == HttpMethod.Get));
        Assert.Equal(2, _bucket.Wire.Sent.Count(r => r.Headers.ContainsKey("Range") && r.Headers.ContainsKey("If-Match")));
    }

    [Fact]
    public async Task An_object_that_was_replaced_while_it_was_read_is_not_read_on()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(2_000_000));
        await using var stored = await OpenAsync(key);
        await stored.Content.ReadExactlyAsync(new byte[10]);
        await PutAsync(key, Bytes(2_000_000, seed: 2));

        stored.Content.Position = 1_500_000;
        var e = await Assert.ThrowsAsync<IOException>(async () => await stored.Content.ReadExactlyAsync(new byte[10]));
        Assert.Contains("replaced", e.Message);
        _bucket.Log.RequireNoUnexpectedErrors();
    }

    [Fact]
    public async Task Reading_in_order_and_looking_back_a_little_costs_one_request()
    {
        var key = NewKey();
        await PutAsync(key, Bytes(500_000));
        await using var stored = await OpenAsync(key);
        await stored.Content.ReadExactlyAsync(new byte[1000]);
        stored.Content.Position = 0;
        await stored.Content.ReadExactlyAsync(new byte[100_000]);
        stored.Content.Position += 200_000;
        await stored.Content.CopyToAsync(Stream.Null);

        Assert.Single(_bucket.Wire.Sent, r => r.Method == HttpMethod.Get);
    }

    [Fact]
    public async Task A_server_that_stumbles_is_asked_again_and_one_that_stays_down_is_not_asked_for_ever()
    {
        var key = NewKey();
        var stumbles = 2;
        _bucket.Wire.Before = (_, _) => Task.FromResult(Interlocked.Decrement(ref stumbles) >= 0 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new ByteArrayContent([]) } : null);
        await PutAsync(key, Bytes(10));
        Assert.Equal(3, _bucket.Wire.Sent.Count);

        _bucket.Wire.Before = (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError);
        var e = await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.OpenReadAsync(key, default));
        Assert.InRange(_bucket.Wire.Sent.Count, 4, 3 + 4);
        Assert.True(e.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task What_breaks_in_the_reading_of_an_answer_is_asked_again()
    {
        var (key, bytes) = (NewKey(), Bytes(10));
        await PutAsync(key, bytes);
        var broken = 1;
        _bucket.Wire.Before = (_, _) => Interlocked.Decrement(ref broken) >= 0 ? throw new ArgumentOutOfRangeException() : Task.FromResult<HttpResponseMessage?>(null);

        await using var stored = await Store.OpenReadAsync(key, default);
        var read = new byte[10];
        await stored!.Content.ReadExactlyAsync(read);

        Assert.Equal(bytes, read);
        Assert.Equal(2, _bucket.Wire.Sent.Count(r => r.Method == HttpMethod.Get));
    }

    private static (List<SentRequest> Matching, List<SentRequest> Others) Partition(IReadOnlyList<SentRequest> requests, Predicate<SentRequest> matches) =>
        ([.. requests.Where(r => matches(r))], [.. requests.Where(r => !matches(r))]);
}
