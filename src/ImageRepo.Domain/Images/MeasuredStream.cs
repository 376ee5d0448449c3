using System.Security.Cryptography;

namespace ImageRepo.Domain.Images;

/// <summary>Reads a head that was looked at already, then the rest; hashes and counts what passes, and stops at the limit.</summary>
/// <param name="picture">Gets all that passes too.</param>
internal sealed class MeasuredStream(ReadOnlyMemory<byte> head, Stream rest, long maxBytes, PictureHasher? picture) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ReadOnlyMemory<byte> _head = head;

    public long BytesRead { get; private set; }

    /// <summary>The hash of all that was read; once.</summary>
    public ContentHash Hash() => ContentHash.FromBytes(_hash.GetHashAndReset());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        if (_head.Length > 0)
        {
            read = Math.Min(_head.Length, buffer.Length);
            _head[..read].CopyTo(buffer);
            _head = _head[read..];
        }
        else
        {
            read = await rest.ReadAsync(buffer, cancellationToken);
        }
        BytesRead += read;
        if (BytesRead > maxBytes)
        {
            throw new ImageTooLargeException(null, maxBytes);
        }
        _hash.AppendData(buffer.Span[..read]);
        picture?.Append(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => BytesRead; set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An upload is read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
