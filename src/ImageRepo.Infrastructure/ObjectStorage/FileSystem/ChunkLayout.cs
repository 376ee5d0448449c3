using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>Where the chunks of an object lie in its file. It follows from the file's length, and is true once the last chunk opens as the last.</summary>
/// <param name="Length">Bytes of the plaintext.</param>
internal readonly record struct ChunkLayout(int HeaderLength, int ChunkSize, long Count, long Length)
{
    private int StoredChunkSize => ChunkSize + ChunkCipher.TagLength;

    /// <exception cref="InvalidDataException">No object has this length.</exception>
    public static ChunkLayout Of(ObjectKey key, ObjectHeader header, long fileLength)
    {
        var stored = header.ChunkSize + ChunkCipher.TagLength;
        var body = fileLength - header.Length;
        var count = (body + stored - 1) / stored;
        var last = body - (count - 1) * stored;
        // Only an empty object has an empty chunk: every object has one form alone.
        return body > 0 && last >= ChunkCipher.TagLength && (last > ChunkCipher.TagLength || count == 1)
            ? new ChunkLayout(header.Length, header.ChunkSize, count, body - count * ChunkCipher.TagLength)
            : throw new InvalidDataException($"The object {key} is cut off.");
    }

    public bool IsLast(long index) => index == Count - 1;

    public long OffsetOf(long index) => HeaderLength + index * StoredChunkSize;

    /// <summary>Bytes of the plaintext of a chunk.</summary>
    public int LengthOf(long index) => IsLast(index) ? (int)(Length - index * ChunkSize) : ChunkSize;
}
