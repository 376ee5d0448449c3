using Amazon.S3;
using Amazon.S3.Model;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>An object that is put together from parts. Nothing shows under its key until it is completed.</summary>
internal sealed class S3Multipart(S3Bucket bucket)
{
    public async Task<MultipartUpload> BeginAsync(ObjectKey key, string contentType, CancellationToken cancellationToken)
    {
        var (method, kmsKeyId) = bucket.Encryption;
        var begun = await bucket.AskAsync(s3 => s3.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest
        {
            BucketName = bucket.Name,
            Key = key.Value,
            ContentType = contentType,
            ServerSideEncryptionMethod = method,
            ServerSideEncryptionKeyManagementServiceKeyId = kmsKeyId,
        }, cancellationToken), cancellationToken);
        return new MultipartUpload(key, begun.UploadId);
    }

    /// <summary>Stores a part; one with the same number is replaced.</summary>
    /// <param name="content">Seekable, read from its start, left open.</param>
    /// <param name="number">From 1.</param>
    public async Task<StoredPart> PutPartAsync(MultipartUpload upload, int number, Stream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        var put = await bucket.AskAsync(s3 => s3.UploadPartAsync(new UploadPartRequest
        {
            BucketName = bucket.Name,
            Key = upload.Key.Value,
            UploadId = upload.Id,
            PartNumber = number,
            PartSize = content.Length,
            InputStream = content,
            UseChunkEncoding = false,
        }, cancellationToken), cancellationToken);
        return new StoredPart(number, content.Length, put.ETag);
    }

    /// <summary>Makes the object of all its parts, in their order, and replaces what was under the key.</summary>
    public Task CompleteAsync(MultipartUpload upload, IEnumerable<StoredPart> parts, CancellationToken cancellationToken) =>
        bucket.AskAsync(s3 => s3.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = bucket.Name,
            Key = upload.Key.Value,
            UploadId = upload.Id,
            PartETags = [.. parts.Select(p => new PartETag(p.Number, p.ETag))],
        }, cancellationToken), cancellationToken);

    /// <summary>Removes the parts; fine when the upload is not there (any more).</summary>
    public async Task AbortAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        try
        {
            await bucket.AskAsync(s3 => s3.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = bucket.Name, Key = upload.Key.Value, UploadId = upload.Id }, cancellationToken), cancellationToken);
        }
        catch (StorageUnavailableException e) when (IsGone(e))
        {
            // Completed or aborted before.
        }
    }

    private static bool IsGone(StorageUnavailableException failure) => failure.InnerException is AmazonS3Exception { ErrorCode: "NoSuchUpload" };
}

internal sealed record MultipartUpload(ObjectKey Key, string Id);

/// <param name="Number">From 1.</param>
/// <param name="Length">Bytes.</param>
internal sealed record StoredPart(int Number, long Length, string ETag);
