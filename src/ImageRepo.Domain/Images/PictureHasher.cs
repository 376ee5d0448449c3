using System.Security.Cryptography;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Domain.Images;

/// <summary>
/// Hashes what a JPEG or PNG shows and leaves out what it says: SHA-256 of the file without its metadata segments and without what follows
/// its end, while the file streams by. docs/picture-hash.md has the segments.
/// </summary>
internal abstract class PictureHasher : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isOver;
    private bool _isWhole;

    /// <summary>Null for formats that have no such hash.</summary>
    public static PictureHasher? For(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => new JpegPictureHasher(),
        ImageFormat.Png => new PngPictureHasher(),
        _ => null,
    };

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_isOver)
        {
            bytes = bytes[Take(bytes)..];
        }
    }

    /// <summary>The hash, once; null when the file ended early or is not made as its format says.</summary>
    public ContentHash? Finish() => _isWhole ? ContentHash.FromBytes(_hash.GetHashAndReset()) : null;

    public void Dispose() => _hash.Dispose();

    /// <summary>Looks at the next bytes and gives how many it has dealt with, at least one.</summary>
    protected abstract int Take(ReadOnlySpan<byte> bytes);

    protected void Keep(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>The picture has ended; what follows belongs to no picture.</summary>
    protected void End() => _isOver = _isWhole = true;

    protected void GiveUp() => _isOver = true;
}
