using Amazon.S3;
using Amazon.S3.Model;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>Presigned links by which a browser stores one object itself, without any other credential.</summary>
internal sealed class S3PutLinks(S3Bucket bucket)
{
    /// <param name="length">Bytes; signed, so that the server refuses fewer and more.</param>
    /// <returns>The link, and the headers to send with it as they stand: they are signed too, and have the server encrypt the object.</returns>
    /// <exception cref="StorageUnavailableException">There are no credentials to sign with.</exception>
    public (Uri Url, IReadOnlyDictionary<string, string> Headers) Create(ObjectKey key, long length, DateTimeOffset expiresAt)
    {
        var (method, kmsKeyId) = bucket.Encryption;
        var request = new GetPreSignedUrlRequest
        {
            Verb = HttpVerb.PUT,
            Key = key.Value,
            Expires = expiresAt.UtcDateTime,
            ServerSideEncryptionMethod = method,
            ServerSideEncryptionKeyManagementServiceKeyId = kmsKeyId,
        };
        request.Headers.ContentLength = length;
        var headers = new Dictionary<string, string> { ["x-amz-server-side-encryption"] = method.Value };
        if (kmsKeyId is not null)
        {
            headers["x-amz-server-side-encryption-aws-kms-key-id"] = kmsKeyId;
        }
        return (bucket.Sign(request), headers);
    }
}
