namespace ImageRepo.Infrastructure.Tests.Imaging;

/// <summary>Counts what it gives out, and can do something at a point on the way.</summary>
internal sealed class CountingStream(byte[] content, long? at = null, Action? then = null) : MemoryStream(content, writable: false)
{
    public long BytesGiven { get; private set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = base.Read(buffer, offset, count);
        Count(read);
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        // Not base.Read: for a derived class that comes back to the other overload.
        var chunk = new byte[buffer.Length];
        var read = Read(chunk, 0, chunk.Length);
        chunk.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    private void Count(int read)
    {
        BytesGiven += read;
        if (BytesGiven > at)
        {
            then!();
        }
    }
}
