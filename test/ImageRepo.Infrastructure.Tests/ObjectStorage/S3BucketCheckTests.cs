using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ImageRepo.Infrastructure.ObjectStorage.S3;
using ImageRepo.Testing;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>A bucket that can't be used stops the start, and the message says what is missing.</summary>
public sealed class S3BucketCheckTests : IAsyncLifetime
{
    private S3TestBucket _bucket = null!;

    public async Task InitializeAsync() => _bucket = await S3TestBucket.CreateAsync();

    public Task DisposeAsync()
    {
        _bucket.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_bucket_of_ones_own_passes_without_a_word_and_keeps_nothing()
    {
        await _bucket.Check.RunAsync(default);

        Assert.Empty(await _bucket.Store.ListAsync("", default).ToListAsync());
        Assert.DoesNotContain(_bucket.Log.Entries, e => e.Level >= LogLevel.Warning && !e.Message.Contains("does not confirm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bucket_with_a_key_of_the_key_service_passes_and_one_with_an_unknown_key_does_not()
    {
        using var kms = _bucket.With(change: o => (o.Encryption, o.KmsKeyId) = (S3Options.ManagedByKms, "test-key"));
        using var unknown = _bucket.With(change: o => (o.Encryption, o.KmsKeyId) = (S3Options.ManagedByKms, "lost-key"));
        await kms.Check.RunAsync(default);

        Assert.DoesNotContain(kms.Log.Entries, e => e.Level >= LogLevel.Warning);
        var problem = await ProblemAsync(unknown);
        Assert.Contains("s3:PutObject", problem);
        Assert.Contains("Storage:S3:KmsKeyId", problem);
    }

    [Fact]
    public async Task A_missing_bucket_is_named()
    {
        using var elsewhere = _bucket.With(change: o => o.Bucket = "no-such-bucket");
        var problem = await ProblemAsync(elsewhere);

        Assert.Contains("Storage:S3:Bucket is 'no-such-bucket'", problem);
        Assert.Contains("no such bucket", problem);
    }

    [Fact]
    public async Task A_missing_permission_is_named_whichever_it_is()
    {
        using var stranger = _bucket.With(S3Server.StrangersCredentials);
        Assert.Contains("s3:ListBucket", await ProblemAsync(stranger));
        foreach (var permission in new[] { "s3:PutObject", "s3:GetObject", "s3:DeleteObject" })
        {
            await AllowStrangerAsync(except: permission);
            var problem = await ProblemAsync(stranger);
            Assert.Contains($"lack the permission {permission}", problem);
            Assert.Contains("docs/storage-s3.md", problem);
        }
        await AllowStrangerAsync();
        await stranger.Check.RunAsync(default);
    }

    [Theory]
    [InlineData("tests", "not-the-secret")]
    [InlineData("nobody", "nobody-secret")]
    public async Task Refused_credentials_are_named_and_not_shown(string key, string secret)
    {
        using var forger = _bucket.With(new BasicAWSCredentials(key, secret));
        var problem = await ProblemAsync(forger);

        Assert.Contains("refuses the credentials", problem);
        Assert.Contains("AWS_ACCESS_KEY_ID", problem);
        Assert.DoesNotContain(secret, problem);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        using var probe = new TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        var port = ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        using var nowhere = _bucket.With(change: o => o.ServiceUrl = $"http://127.0.0.1:{port}");
        var problem = await ProblemAsync(nowhere);

        Assert.Contains($"http://127.0.0.1:{port}", problem);
        Assert.Contains("can't be reached", problem);
        Assert.Contains("Storage:S3:ServiceUrl", problem);
    }

    [Fact]
    public async Task A_bucket_that_answers_to_the_public_is_warned_of()
    {
        await _bucket.Bucket.Client.PutBucketAclAsync(new PutBucketAclRequest { BucketName = _bucket.Bucket.Name, ACL = S3CannedACL.PublicRead });
        await SetPolicyAsync("""{ "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"] }""");
        await _bucket.Check.RunAsync(default);

        var warnings = _bucket.Log.Entries.Where(e => e.Level == LogLevel.Warning).Select(e => e.Message).ToList();
        Assert.Contains(warnings, w => w.Contains("shows its objects", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("lists its objects", StringComparison.Ordinal));
    }

    private static async Task<string> ProblemAsync(S3TestBucket bucket) => (await Assert.ThrowsAsync<SetupException>(() => bucket.Check.RunAsync(default))).Message;

    private Task AllowStrangerAsync(string? except = null)
    {
        var allowed = Statement("Allow", "s3:*");
        // What the stranger puts is the stranger's own, so to leave a permission out would not do.
        return SetPolicyAsync(except is null ? allowed : $"{allowed}, {Statement("Deny", except)}");

        static string Statement(string effect, string action) =>
            $$"""{ "Effect": "{{effect}}", "Principal": { "AWS": "arn:aws:iam:::user/stranger" }, "Action": "{{action}}", "Resource": ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"] }""";
    }

    private Task SetPolicyAsync(string statements) => _bucket.Bucket.Client.PutBucketPolicyAsync(new PutBucketPolicyRequest
    {
        BucketName = _bucket.Bucket.Name,
        Policy = $$"""{ "Version": "2012-10-17", "Statement": [{{statements.Replace("BUCKET", _bucket.Bucket.Name)}}] }""",
    });
}

/// <summary>The SDK's clock is one for the whole process, so this runs alone.</summary>
[CollectionDefinition(nameof(S3ClockTests), DisableParallelization = true)]
[Collection(nameof(S3ClockTests))]
public sealed class S3ClockTests
{
    [Theory]
    [InlineData(-16)]
    [InlineData(16)]
    public async Task A_clock_that_is_wrong_is_named(int minutes)
    {
        using var bucket = await S3TestBucket.CreateAsync();
        Amazon.AWSConfigs.ManualClockCorrection = TimeSpan.FromMinutes(minutes);
        try
        {
            var e = await Assert.ThrowsAsync<SetupException>(() => bucket.Check.RunAsync(default));
            Assert.Contains("clock", e.Message);
            Assert.Contains("NTP", e.Message);
        }
        finally
        {
            Amazon.AWSConfigs.ManualClockCorrection = null;
        }
    }
}
