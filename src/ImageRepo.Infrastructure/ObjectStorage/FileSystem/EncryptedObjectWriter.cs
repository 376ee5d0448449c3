using System.Buffers;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>Writes an encrypted object while its plaintext arrives, in the memory of three chunks.</summary>
internal static class EncryptedObjectWriter
{
    public static async Task WriteAsync(Stream plaintext, Stream target, ObjectKey key, string contentType, MasterKeyRing keys, CancellationToken cancellationToken)
    {
        var header = ObjectHeader.Create(key, contentType, keys, out var bytes);
        using var cipher = header.CreateCipher();
        // Synchronously: .NET has a thread wait for a file either way, and to hand each chunk to another one takes longer than to write it.
        target.Write(bytes);

        var size = header.ChunkSize;
        var chunk = ArrayPool<byte>.Shared.Rent(size);
        var next = ArrayPool<byte>.Shared.Rent(size);
        var stored = ArrayPool<byte>.Shared.Rent(size + ChunkCipher.TagLength);

        var length = await ReadChunkAsync(chunk);
        for (long index = 0; ; index++)
        {
            // Only the read beyond a full chunk tells whether that was the last.
            var nextLength = length < size ? 0 : await ReadChunkAsync(next);
            var isLast = nextLength == 0;
            var storedLength = length + ChunkCipher.TagLength;
            cipher.Encrypt(index, isLast, chunk.AsSpan(0, length), stored.AsSpan(0, storedLength));
            target.Write(stored.AsSpan(0, storedLength));
            if (isLast)
            {
                break;
            }
            (chunk, next, length) = (next, chunk, nextLength);
        }

        // Not in a finally: after a failure the source may still hold a buffer, and would write into what the pool has given to another.
        ArrayPool<byte>.Shared.Return(chunk, clearArray: true);
        ArrayPool<byte>.Shared.Return(next, clearArray: true);
        ArrayPool<byte>.Shared.Return(stored);

        ValueTask<int> ReadChunkAsync(byte[] buffer) =>
            plaintext.ReadAtLeastAsync(buffer.AsMemory(0, size), size, throwOnEndOfStream: false, cancellationToken);
    }
}
