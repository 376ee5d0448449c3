namespace ImageRepo.Infrastructure.Tests.ObjectStorage;

/// <summary>A source that cannot seek, gives odd amounts as a network does, and does something at its end before it ends.</summary>
internal sealed class ScriptedStream(long length, Func<long, byte> content, Func<CancellationToken, Task>? atEnd = null, int atMost = 7001) : Stream
{
    private long _position;
    private bool _ended;

    public ScriptedStream(byte[] content, Func<CancellationToken, Task>? atEnd = null) : this(content.Length, i => content[i], atEnd) { }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_position == length)
        {
            if (!_ended && atEnd is not null)
            {
                _ended = true;
                await atEnd(cancellationToken);
            }
            return 0;
        }
        var count = (int)Math.Min(Math.Min(buffer.Length, atMost), length - _position);
        for (var i = 0; i < count; i++)
        {
            buffer.Span[i] = content(_position + i);
        }
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
