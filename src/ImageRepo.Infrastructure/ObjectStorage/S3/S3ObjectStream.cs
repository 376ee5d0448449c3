using Amazon.S3.Model;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.ObjectStorage.S3;

/// <summary>
/// An object as it is read: one request as long as the reading goes on in order, another where it jumps. An interrupted answer is taken up
/// where it broke off. All of it is of one put: once the object is replaced, reading ends with an exception. Not for several threads at once.
/// </summary>
internal sealed class S3ObjectStream : Stream
{
    private const int Attempts = 3;

    // Reading over so many bytes is cheaper than another request.
    private const int ReadOver = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly S3Bucket _bucket;
    private readonly ObjectKey _key;
    private GetObjectResponse? _answer;
    private long _answerPosition;
    private long _position;
    private bool _isDisposed;

    private S3ObjectStream(S3Bucket bucket, ObjectKey key, GetObjectResponse answer)
    {
        (_bucket, _key, _answer) = (bucket, key, answer);
        Length = answer.ContentLength;
        ContentType = answer.Headers.ContentType;
        ETag = answer.ETag.Trim('"');
        LastModified = answer.LastModified?.ToUniversalTime() ?? DateTimeOffset.MinValue;
    }

    public string ContentType { get; }
    public string ETag { get; }
    public DateTimeOffset LastModified { get; }

    /// <summary>Null when there is no such object.</summary>
    public static async Task<S3ObjectStream?> OpenAsync(S3Bucket bucket, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = bucket.Name, Key = key.Value };
            return new S3ObjectStream(bucket, key, await bucket.AskAsync(s3 => s3.GetObjectAsync(request, cancellationToken), cancellationToken));
        }
        catch (StorageUnavailableException e) when (S3Failures.IsNotFound(e.InnerException))
        {
            return null;
        }
    }

    public override bool CanRead => !_isDisposed;
    public override bool CanSeek => !_isDisposed;
    public override bool CanWrite => false;
    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty || _position >= Length)
        {
            return 0;
        }
        for (var attempt = 1; ; attempt++)
        {
            await MoveAsync(cancellationToken);
            try
            {
                var read = await ReadAnswerAsync(buffer, cancellationToken);
                _position += read;
                return read;
            }
            catch (Exception failure) when (S3Failures.Is(failure, cancellationToken))
            {
                CloseAnswer();
                if (attempt == Attempts)
                {
                    throw new StorageUnavailableException(failure);
                }
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    // Libraries that decode pictures read so, on a thread of their own; the SDK has no request but asynchronous ones.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

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
        if (disposing)
        {
            _isDisposed = true;
            CloseAnswer();
        }
        base.Dispose(disposing);
    }

    /// <summary>Brings the answer to the position: it is there, or near enough to read on, or another is asked for.</summary>
    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        if (_answer is not null && _position - _answerPosition is > 0 and <= ReadOver)
        {
            await SkipAsync((int)(_position - _answerPosition), cancellationToken);
        }
        if (_answer is null || _answerPosition != _position)
        {
            CloseAnswer();
            var request = new GetObjectRequest
            {
                BucketName = _bucket.Name,
                Key = _key.Value,
                ByteRange = new ByteRange(_position, Length - 1),
                EtagToMatch = $"\"{ETag}\"",
            };
            try
            {
                _answer = await _bucket.AskAsync(s3 => s3.GetObjectAsync(request, cancellationToken), cancellationToken);
            }
            catch (StorageUnavailableException e) when (S3Failures.IsReplaced(e.InnerException) || S3Failures.IsNotFound(e.InnerException))
            {
                throw new IOException($"The object {_key} was replaced or deleted while it was read.", e);
            }
            _answerPosition = _position;
        }
    }

    private async Task SkipAsync(int count, CancellationToken cancellationToken)
    {
        var skipped = new byte[Math.Min(count, 32 * 1024)];
        try
        {
            while (count > 0)
            {
                count -= await ReadAnswerAsync(skipped.AsMemory(0, Math.Min(count, skipped.Length)), cancellationToken);
            }
        }
        catch (Exception failure) when (S3Failures.Is(failure, cancellationToken))
        {
            CloseAnswer();
        }
    }

    private async Task<int> ReadAnswerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var read = await _answer!.ResponseStream.ReadAsync(buffer, limit.Token);
        _answerPosition += read;
        return read > 0 ? read : throw new EndOfStreamException($"The answer for the object {_key} ended too early.");
    }

    private void CloseAnswer()
    {
        _answer?.Dispose();
        _answer = null;
    }
}
