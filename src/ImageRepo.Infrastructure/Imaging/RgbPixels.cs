using NetVips;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>RGB, 3 bytes a pixel, row by row. They lie outside the managed heap, where megabytes a picture would wait for a collection.</summary>
internal sealed unsafe class RgbPixels : IDisposable
{
    private readonly int _length;
    private nint _bytes;

    /// <param name="image">RGB of 8 bits. All of it is computed here; the caller disposes it.</param>
    public RgbPixels(Image image)
    {
        (Width, Height) = (image.Width, image.Height);
        _bytes = image.WriteToMemory(out var length);
        _length = checked((int)length);
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Gone once they are disposed, also for who has it already.</summary>
    public ReadOnlySpan<byte> Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes == 0, this);
            return new((void*)_bytes, _length);
        }
    }

    public void Dispose() => NetVips.NetVips.Free(Interlocked.Exchange(ref _bytes, 0));
}
