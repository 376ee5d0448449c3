using Amazon.S3;
using Amazon.S3.Model;
using ImageRepo.Domain.Storage;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>Does once with an object of its own what the product does with every other, and says what is missing where it fails.</summary>
internal sealed class S3BucketCheck(S3Bucket bucket, ILogger<S3BucketCheck> logger)
{
    private const string FirstPermission = "s3:ListBucket";

    private static readonly TimeSpan PublicTimeout = TimeSpan.FromSeconds(5);

    /// <exception cref="SetupException">The bucket can't be used; the message names the setting or the permission, and the fix.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // No image has a key like this.
        var key = ObjectKey.Parse($"checks/{Guid.NewGuid():N}");
        await StepAsync(FirstPermission, s3 => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket.Name, MaxKeys = 1 }, cancellationToken));
        var put = await StepAsync("s3:PutObject", s3 => s3.PutObjectAsync(Probe(key), cancellationToken));
        try
        {
            if (put.ServerSideEncryptionMethod is null)
            {
                logger.LogWarning("The S3 server at {Address} does not confirm that it encrypts what it stores. Look whether it knows the header x-amz-server-side-encryption.", bucket.Address);
            }
            using var got = await StepAsync("s3:GetObject", s3 => s3.GetObjectAsync(bucket.Name, key.Value, cancellationToken));
            await WarnIfPublicAsync(key, cancellationToken);
        }
        finally
        {
            await StepAsync("s3:DeleteObject", s3 => s3.DeleteObjectAsync(bucket.Name, key.Value, CancellationToken.None));
        }
    }

    private PutObjectRequest Probe(ObjectKey key)
    {
        var (method, kmsKeyId) = bucket.Encryption;
        return new PutObjectRequest
        {
            BucketName = bucket.Name,
            Key = key.Value,
            ContentBody = "ImageRepo has looked whether it can use this bucket. This can be deleted.",
            UseChunkEncoding = false,
            ServerSideEncryptionMethod = method,
            ServerSideEncryptionKeyManagementServiceKeyId = kmsKeyId,
        };
    }

    private async Task<T> StepAsync<T>(string permission, Func<IAmazonS3, Task<T>> request)
    {
        try
        {
            return await request(bucket.Client);
        }
        catch (Exception failure) when (S3Failures.Is(failure, CancellationToken.None))
        {
            throw new SetupException(Explain(failure, permission), failure);
        }
    }

    private string Explain(Exception failure, string permission) => failure switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } =>
            $"{S3Options.Section}:{nameof(S3Options.Bucket)} is '{bucket.Name}', and there is no such bucket at {bucket.Address}. Make it, or set the name of one that is there.",
        AmazonS3Exception { ErrorCode: "RequestTimeTooSkewed" or "RequestExpired" } =>
            $"The clock of this machine and that of the S3 server at {bucket.Address} are more than 15 minutes apart, so it takes no request. Set the clock by NTP.",
        AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" } credentials when permission == FirstPermission =>
            $"The S3 server at {bucket.Address} refuses the credentials ({credentials.ErrorCode}). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile or role that gives them.",
        AmazonS3Exception { ErrorCode: "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" } region =>
            $"The bucket '{bucket.Name}' lies in another region ({region.ErrorCode}). Set {S3Options.Section}:{nameof(S3Options.Region)} to it.",
        AmazonS3Exception { ErrorCode: "AccessDenied" } =>
            $"The credentials lack the permission {permission} in the bucket '{bucket.Name}' at {bucket.Address}. docs/storage-s3.md has the policy that is needed.",
        AmazonS3Exception other =>
            $"The S3 server at {bucket.Address} refused {permission} in the bucket '{bucket.Name}': {S3Failures.Describe(other)}. {other.Message}" +
            (bucket.Encryption.KmsKeyId is { } key ? $" It was to encrypt with the key {key} of {S3Options.Section}:{nameof(S3Options.KmsKeyId)}." : ""),
        Amazon.Runtime.AmazonClientException when failure.InnerException is null or Amazon.Runtime.AmazonClientException =>
            $"There are no credentials for the S3 server. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile or role that the AWS SDK finds. ({failure.Message})",
        _ => $"The S3 server at {bucket.Address} can't be reached: {S3Failures.Describe(failure)}. Check {S3Options.Section}:{nameof(S3Options.ServiceUrl)} and the network.",
    };

    /// <summary>Asks as a stranger for what only the product should be given.</summary>
    private async Task WarnIfPublicAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var stranger = new HttpClient { Timeout = PublicTimeout };
        foreach (var (what, address) in new[] { ("shows its objects", new Uri(bucket.Address, key.Value)), ("lists its objects", new Uri(bucket.Address, "?list-type=2&max-keys=1")) })
        {
            try
            {
                using var answer = await stranger.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    logger.LogWarning("The bucket '{Bucket}' {What} to anyone who asks, without a link. Take that permission away: docs/storage-s3.md says how.", bucket.Name, what);
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(failure, "Whether strangers can read the bucket '{Bucket}' could not be found out", bucket.Name);
            }
        }
    }
}
