using Amazon.Runtime;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage;
using ImageRepo.Infrastructure.ObjectStorage.S3;
using ImageRepo.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>A bucket of a test's own, and the adapter on it. What the adapter logs and sends is kept.</summary>
internal sealed class S3TestBucket : IDisposable
{
    private readonly ILoggerFactory _logging;

    private S3TestBucket(S3Options options, AWSCredentials? credentials)
    {
        Options = options;
        _logging = LoggerFactory.Create(l => l.AddProvider(Log));
        Bucket = new S3Bucket(Microsoft.Extensions.Options.Options.Create(options), _logging.CreateLogger<S3Bucket>(), credentials ?? S3Server.Credentials, Wire);
        Multipart = new S3Multipart(Bucket);
        Store = new S3ObjectStore(Bucket, new S3Upload(Bucket, Multipart, _logging.CreateLogger<S3Upload>()));
        Check = new S3BucketCheck(Bucket, _logging.CreateLogger<S3BucketCheck>());
    }

    public S3Options Options { get; }
    public CapturedLog Log { get; } = new();
    public Wire Wire { get; } = new();
    public S3Bucket Bucket { get; }
    public S3Multipart Multipart { get; }
    public S3ObjectStore Store { get; }
    public S3BucketCheck Check { get; }

    public static async Task<S3TestBucket> CreateAsync(Action<S3Options>? change = null)
    {
        var settings = await S3Server.CreateBucketAsync();
        var options = new S3Options
        {
            Bucket = settings["Storage:S3:Bucket"]!,
            ServiceUrl = settings["Storage:S3:ServiceUrl"]!,
            PublicUrl = settings["Storage:S3:PublicUrl"]!,
        };
        change?.Invoke(options);
        return new S3TestBucket(options, null);
    }

    /// <summary>The same bucket, otherwise spoken to; the caller disposes it.</summary>
    public S3TestBucket With(AWSCredentials? credentials = null, Action<S3Options>? change = null)
    {
        var options = new S3Options
        {
            Bucket = Options.Bucket,
            ServiceUrl = Options.ServiceUrl,
            PublicUrl = Options.PublicUrl,
            Encryption = Options.Encryption,
            KmsKeyId = Options.KmsKeyId,
        };
        change?.Invoke(options);
        return new S3TestBucket(options, credentials);
    }

    public S3ContentLinks Links(TimeProvider? time = null, TimeSpan? lifetime = null) => LinksOf(Bucket, time ?? TimeProvider.System, lifetime);

    public static S3ContentLinks LinksOf(S3Bucket bucket, TimeProvider time, TimeSpan? lifetime = null)
    {
        var options = Microsoft.Extensions.Options.Options.Create(new LinksOptions { Lifetime = lifetime ?? TimeSpan.FromMinutes(30) });
        return new S3ContentLinks(bucket, new TokenContentLinks(new ContentTokens(new MasterKeyRing(MasterKey.Generate()), time), options, time), options, time);
    }

    public void Dispose()
    {
        Bucket.Dispose();
        _logging.Dispose();
    }
}
