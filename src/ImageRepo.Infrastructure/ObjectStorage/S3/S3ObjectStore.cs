using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>Objects in a bucket, encrypted by its server; the key there is the key here.</summary>
internal sealed class S3ObjectStore(S3Bucket bucket, S3Upload upload) : IObjectStore
{
    // S3 takes 1000 keys in one request.
    private const int DeletesAtOnce = 1000;
    private const int ReadBuffer = 64 * 1024;

    public Task PutAsync(ObjectKey key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        Check(key);
        StoredContentType.Check(contentType);
        return upload.PutAsync(key, content, contentType, cancellationToken);
    }

    public async Task<StoredObject?> OpenReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Check(key);
        if (await S3ObjectStream.OpenAsync(bucket, key, cancellationToken) is not { } content)
        {
            return null;
        }
        // Readers of pictures go back and forth within a few bytes: one request must do for those.
        return new StoredObject(new BufferedStream(content, ReadBuffer), content.Length, content.ContentType, content.ETag, content.LastModified);
    }

    public async Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Check(key);
        try
        {
            await bucket.AskAsync(s3 => s3.GetObjectMetadataAsync(bucket.Name, key.Value, cancellationToken), cancellationToken);
            return true;
        }
        catch (StorageUnavailableException e) when (e.InnerException is AmazonS3Exception { StatusCode: < HttpStatusCode.InternalServerError })
        {
            // An answer without a body does not tell whether the object is missing or the bucket, nor why it is refused.
            await using var opened = await S3ObjectStream.OpenAsync(bucket, key, cancellationToken);
            return opened is not null;
        }
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Check(key);
        return bucket.AskAsync(s3 => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket.Name, Key = key.Value }, cancellationToken), cancellationToken);
    }

    public async Task DeleteAllAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectPrefix.CheckFolder(prefix);
        await foreach (var keys in KeysAsync(prefix, cancellationToken).Select(o => o.Key).Chunk(DeletesAtOnce).WithCancellation(cancellationToken))
        {
            var request = new DeleteObjectsRequest { BucketName = bucket.Name, Quiet = true, Objects = [.. keys.Select(k => new KeyVersion { Key = k })] };
            await bucket.AskAsync(s3 => s3.DeleteObjectsAsync(request, cancellationToken), cancellationToken);
        }
    }

    public IAsyncEnumerable<StoredObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectPrefix.Check(prefix);
        return KeysAsync(prefix, cancellationToken).Select(Info).OfType<StoredObjectInfo>();

        static StoredObjectInfo? Info(S3Object found)
        {
            try
            {
                return new StoredObjectInfo(ObjectKey.Parse(found.Key), found.LastModified?.ToUniversalTime() ?? DateTimeOffset.MinValue);
            }
            catch (FormatException)
            {
                // Somebody keeps something of his own in the bucket: no put made it, no key reaches it.
                return null;
            }
        }
    }

    private async IAsyncEnumerable<S3Object> KeysAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket.Name, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await bucket.AskAsync(s3 => s3.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return found;
            }
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    private static void Check(ObjectKey key)
    {
        if (key.Value is null)
        {
            throw new ArgumentException("The key names no object.", nameof(key));
        }
    }
}
