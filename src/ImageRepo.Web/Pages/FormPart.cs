using Microsoft.AspNetCore.WebUtilities;

namespace ImageRepo.Web.Pages;

/// <summary>
/// The body of one part of a multipart form, read forward. The reader reports a form that is cut off or malformed by the exceptions that a full
/// disk has too; here they become a <see cref="BrokenFormException"/>, so that nobody takes the one for the other.
/// </summary>
internal sealed class FormPart(Stream body) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The next part of the form; null after the last.</summary>
    /// <exception cref="BrokenFormException">The form ends before its closing boundary, or a part's head is malformed.</exception>
    public static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception e) when (IsOfTheForm(e))
        {
            throw new BrokenFormException(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (IsOfTheForm(e))
        {
            throw new BrokenFormException(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The server reads no body while a thread waits for it.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // A body that the server itself cuts off (too large, too slow, the connection gone) has an answer of its own.
    private static bool IsOfTheForm(Exception e) => e is InvalidDataException or (IOException and not BadHttpRequestException);
}

/// <summary>A multipart form is not what its head promised.</summary>
internal sealed class BrokenFormException(Exception inner) : Exception("The form is cut off or malformed.", inner);
