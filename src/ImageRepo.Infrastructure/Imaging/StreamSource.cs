using ImageRepo.Domain;
using NetVips;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>
/// Lets libvips read a stream in place; one that can't seek is buffered by it as far as its loaders go back. What the stream throws must not unwind through native frames, which would end the process:
/// it is kept here, told to libvips as a failed read, and thrown again by <see cref="ThrowIfFailed"/>.
/// </summary>
internal sealed class StreamSource : SourceCustom
{
    private readonly Stream _stream;
    private readonly CancellationToken _cancellation;
    private Exception? _failure;

    public StreamSource(Stream stream, CancellationToken cancellation)
    {
        _stream = stream;
        _cancellation = cancellation;
        OnRead += Read;
        if (stream.CanSeek)
        {
            OnSeek += Seek;
        }
    }

    /// <summary>Throws what the stream threw, which is not the picture's fault.</summary>
    public void ThrowIfFailed()
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_failure is { } failure)
        {
            throw failure as UnavailableException ?? (Exception)new IOException("The original could not be read from its store.", failure);
        }
    }

    private int Read(byte[] buffer, int length) => (int)Guard(() => _stream.Read(buffer, 0, length));

    private long Seek(long offset, SeekOrigin origin) => Guard(() =>
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _stream.Position + offset,
            _ => _stream.Length + offset,
        };
        // Offsets come from the file, so they are the uploader's to choose.
        return target < 0 ? -1 : _stream.Seek(target, SeekOrigin.Begin);
    });

    private long Guard(Func<long> read)
    {
        if (_failure is not null || _cancellation.IsCancellationRequested)
        {
            return -1;
        }
        try
        {
            return read();
        }
        catch (Exception e)
        {
            _failure = e;
            return -1;
        }
    }
}
