using System.Buffers;
using Amazon.S3.Model;
using ImageRepo.Domain.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.IO;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>
/// Stores a stream whose length nobody knows: in one request when it ends within the first part, else part after part, each held in memory
/// until the server has it, so that it can be sent again.
/// </summary>
internal sealed class S3Upload(S3Bucket bucket, S3Multipart multipart, ILogger<S3Upload> logger)
{
    /// <summary>Bytes; S3 takes no part but the last below 5 MiB, and 10,000 of them: 80 GB at this size.</summary>
    public const int PartSize = 8 * 1024 * 1024;

    private const int BlockSize = 64 * 1024;

    // Made of blocks, so that a small file takes little of it; some of them are kept for the next one.
    private static readonly RecyclableMemoryStreamManager Memory = new(new RecyclableMemoryStreamManager.Options
    {
        BlockSize = BlockSize,
        MaximumSmallPoolFreeBytes = 8 * PartSize,
    });

    public async Task PutAsync(ObjectKey key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        using var part = Memory.GetStream();
        if (await FillAsync(part, content, cancellationToken))
        {
            await PutPartsAsync(key, part, content, contentType, cancellationToken);
        }
        else
        {
            cancellationToken.ThrowIfCancellationRequested();
            await PutWholeAsync(key, part, contentType);
        }
    }

    // Not cancelled: the server may be done when the connection is cut, and nobody would know. The request has its own time limit.
    private async Task PutWholeAsync(ObjectKey key, Stream content, string contentType)
    {
        var (method, kmsKeyId) = bucket.Encryption;
        await bucket.AskAsync(s3 => s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket.Name,
            Key = key.Value,
            InputStream = content,
            ContentType = contentType,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            ServerSideEncryptionMethod = method,
            ServerSideEncryptionKeyManagementServiceKeyId = kmsKeyId,
        }, CancellationToken.None), CancellationToken.None);
    }

    private async Task PutPartsAsync(ObjectKey key, RecyclableMemoryStream part, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var upload = await multipart.BeginAsync(key, contentType, cancellationToken);
        try
        {
            List<StoredPart> parts = [];
            bool wantsMore;
            do
            {
                parts.Add(await multipart.PutPartAsync(upload, parts.Count + 1, part, cancellationToken));
                part.SetLength(0);
                wantsMore = await FillAsync(part, content, cancellationToken);
            }
            while (wantsMore);
            if (part.Length > 0)
            {
                parts.Add(await multipart.PutPartAsync(upload, parts.Count + 1, part, cancellationToken));
            }
            cancellationToken.ThrowIfCancellationRequested();
            await multipart.CompleteAsync(upload, parts, CancellationToken.None);
        }
        catch
        {
            await AbortAsync(upload);
            throw;
        }
    }

    private async Task AbortAsync(MultipartUpload upload)
    {
        try
        {
            await multipart.AbortAsync(upload, CancellationToken.None);
        }
        catch (StorageUnavailableException failure)
        {
            // No key shows the parts; the bucket's lifecycle rule removes them.
            logger.LogWarning(failure, "The parts of an upload to {Key} that failed could not be removed now", upload.Key);
        }
    }

    /// <summary>Reads until the part is full; false when the content has ended before that.</summary>
    private static async Task<bool> FillAsync(RecyclableMemoryStream part, Stream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        while (part.Length < PartSize)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BlockSize, PartSize - part.Length)), cancellationToken);
            if (read == 0)
            {
                break;
            }
            part.Write(buffer, 0, read);
        }
        // Not in a finally: after a failure the source may still hold the buffer.
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return part.Length == PartSize;
    }
}
