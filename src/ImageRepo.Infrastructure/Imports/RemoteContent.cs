using ImageRepo.Domain.Imports;

namespace ImageRepo.Infrastructure.Imports;

/// <summary>What a server sends, within its time. Its failures are told from those of the store, which reads it.</summary>
internal sealed class RemoteContent(Uri url, HttpResponseMessage response, Stream content, TimeSpan idle, CancellationTokenSource whole) : Stream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, whole.Token);
        limit.CancelAfter(idle);
        try
        {
            return await content.ReadAsync(buffer, limit.Token);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UnreachableUrlException(url, inner: broken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A remote file is read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
            response.Dispose();
            whole.Dispose();
        }
        base.Dispose(disposing);
    }
}
