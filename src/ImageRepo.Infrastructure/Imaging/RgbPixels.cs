using NetVips;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>RGB, 3 bytes a pixel, row by row. They lie outside the managed heap, where megabytes a picture would wait for a collection.</summary>
internal sealed unsafe class RgbPixels : IDisposable
{
    private readonly nint _bytes;

    /// <param name="image">RGB of 8 bits. All of it is computed here; the caller disposes it.</param>
    public RgbPixels(Image image)
    {
        (Width, Height) = (image.Width, image.Height);
        _bytes = image.WriteToMemory(out _);
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Not to be used once they are disposed.</summary>
    public ReadOnlySpan<byte> Data => new((void*)_bytes, Width * Height * 3);

    public void Dispose() => NetVips.NetVips.Free(_bytes);
}
