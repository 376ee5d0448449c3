using System.Buffers;
using System.Security.Cryptography;
using ImageRepo.Domain.Storage;
using Microsoft.Win32.SafeHandles;

namespace ImageRepo.Infrastructure.ObjectStorage.FileSystem;

/// <summary>
/// The plaintext of an object, decrypted a chunk at a time as it is asked for; a range costs the chunks that it touches.
/// No byte is given out before its chunk has proved itself. Not for several threads at once.
/// </summary>
internal sealed class DecryptingStream : Stream
{
    private readonly ObjectKey _key;
    private readonly SafeFileHandle _file;
    private readonly ChunkCipher _cipher;
    private readonly ChunkLayout _layout;
    private readonly byte[] _chunk;
    private readonly byte[] _stored;
    private long _loaded = -1;
    private long _position;
    private bool _isLoading;
    private bool _isDisposed;

    private DecryptingStream(ObjectKey key, SafeFileHandle file, ChunkLayout layout, ChunkCipher cipher)
    {
        (_key, _file, _layout, _cipher) = (key, file, layout, cipher);
        var size = (int)Math.Min(layout.ChunkSize, layout.Length);
        _chunk = ArrayPool<byte>.Shared.Rent(size);
        _stored = ArrayPool<byte>.Shared.Rent(size + ChunkCipher.TagLength);
    }

    /// <summary>Takes over the file unless it fails.</summary>
    /// <exception cref="InvalidDataException">The object does not end where it was ended: it was cut off, added to, or is another's.</exception>
    public static async Task<DecryptingStream> OpenAsync(ObjectKey key, SafeFileHandle file, ObjectHeader header, CancellationToken cancellationToken)
    {
        var layout = ChunkLayout.Of(key, header, RandomAccess.GetLength(file));
        var stream = new DecryptingStream(key, file, layout, header.CreateCipher());
        try
        {
            // The last chunk says that it is the last: this proves the length, so that a read in the middle can trust it.
            await stream.LoadAsync(layout.Count - 1, cancellationToken);
            return stream;
        }
        catch
        {
            stream._cipher.Dispose();
            throw;
        }
    }

    public override bool CanRead => !_isDisposed;
    public override bool CanSeek => !_isDisposed;
    public override bool CanWrite => false;
    public override long Length => _layout.Length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty || _position >= Length)
        {
            return 0;
        }
        if (Wanted != _loaded)
        {
            Load(Wanted);
        }
        return Take(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.IsEmpty || _position >= Length)
        {
            return 0;
        }
        if (Wanted != _loaded)
        {
            await LoadAsync(Wanted, cancellationToken);
        }
        return Take(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => Length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        };
        return target >= 0 ? _position = target : throw new IOException("The position is before the start of the object.");
    }

    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _file.Dispose();
            _cipher.Dispose();
            // A read that is still under way keeps its buffers: in the pool they would become another object's.
            if (!_isLoading)
            {
                ArrayPool<byte>.Shared.Return(_chunk, clearArray: true);
                ArrayPool<byte>.Shared.Return(_stored);
            }
        }
        base.Dispose(disposing);
    }

    private long Wanted => _position / _layout.ChunkSize;

    private int Take(Span<byte> buffer)
    {
        var start = (int)(_position - _loaded * _layout.ChunkSize);
        var count = Math.Min(buffer.Length, _layout.LengthOf(_loaded) - start);
        _chunk.AsSpan(start, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    private void Load(long index)
    {
        var wanted = StartLoading(index);
        try
        {
            for (var filled = 0; filled < wanted;)
            {
                filled += NotNone(RandomAccess.Read(_file, _stored.AsSpan(filled, wanted - filled), _layout.OffsetOf(index) + filled));
            }
        }
        catch (IOException e)
        {
            throw new StorageUnavailableException(e);
        }
        EndLoading(index, wanted);
    }

    private async ValueTask LoadAsync(long index, CancellationToken cancellationToken)
    {
        var wanted = StartLoading(index);
        try
        {
            for (var filled = 0; filled < wanted;)
            {
                filled += NotNone(await RandomAccess.ReadAsync(_file, _stored.AsMemory(filled, wanted - filled), _layout.OffsetOf(index) + filled, cancellationToken));
            }
        }
        catch (IOException e)
        {
            throw new StorageUnavailableException(e);
        }
        EndLoading(index, wanted);
    }

    private int StartLoading(long index)
    {
        _isLoading = true;
        _loaded = -1;
        return _layout.LengthOf(index) + ChunkCipher.TagLength;
    }

    private void EndLoading(long index, int stored)
    {
        try
        {
            _cipher.Decrypt(index, _layout.IsLast(index), _stored.AsSpan(0, stored), _chunk.AsSpan(0, stored - ChunkCipher.TagLength));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidDataException($"The object {_key} was changed in the store.", e);
        }
        _loaded = index;
        _isLoading = false;
    }

    private int NotNone(int read) => read > 0 ? read : throw new InvalidDataException($"The object {_key} was cut off in the store.");
}
