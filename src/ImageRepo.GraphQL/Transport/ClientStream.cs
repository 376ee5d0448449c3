using Microsoft.AspNetCore.Http;

namespace ImageRepo.GraphQL.Transport;

/// <summary>The client stopped sending in the middle of a request: it left, reset the connection, or was too slow.</summary>
internal sealed class ClientLeftException(int status, Exception inner) : IOException("The client stopped sending.", inner)
{
    /// <summary>For a client that may still be listening: 400, or 408 for one too slow.</summary>
    public int Status { get; } = status;
}

/// <summary>A request's body whose failures tell that they are the client's, apart from those of whoever stores what is read.</summary>
internal sealed class ClientStream(Stream body) : Stream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (BadHttpRequestException ended)
        {
            throw new ClientLeftException(ended.StatusCode, ended);
        }
        catch (IOException reset) when (reset is not ClientLeftException)
        {
            throw new ClientLeftException(StatusCodes.Status400BadRequest, reset);
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
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A request is read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
