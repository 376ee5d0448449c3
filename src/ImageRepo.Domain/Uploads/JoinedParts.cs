using ImageRepo.Domain.Storage;

namespace ImageRepo.Domain.Uploads;

/// <summary>The file as its parts make it, read from the store one after the other.</summary>
internal sealed class JoinedParts(IObjectStore store, Upload upload) : Stream
{
    private StoredObject? _current;
    private int _part;

    /// <exception cref="UploadIncompleteException">The next part is not there, or is not as long as it was to be.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_current is not null && await _current.Content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                return read;
            }
            if (_part == upload.PartCount)
            {
                return 0;
            }
            await OpenAsync(++_part, cancellationToken);
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
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Parts are read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (_current is not null)
        {
            await _current.DisposeAsync();
        }
        await base.DisposeAsync();
    }

    private async Task OpenAsync(int part, CancellationToken cancellationToken)
    {
        if (_current is not null)
        {
            await _current.DisposeAsync();
        }
        _current = await store.OpenReadAsync(ObjectKey.UploadPart(upload.OwnerId, upload.Id, part), cancellationToken);
        if (_current?.Length != upload.LengthOf(part))
        {
            throw new UploadIncompleteException([part]);
        }
    }
}
