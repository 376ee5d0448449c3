using System.Buffers.Binary;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>
/// Counts the frames of a GIF or WebP by walking its blocks. libvips can only open these two with the whole file mapped into memory, so what
/// their headers claim is checked here first; libvips has the last word, and what it finds is checked again.
/// </summary>
internal static class AnimationScan
{
    private const int BufferSize = 16 << 10;

    /// <summary>The canvas and how many frames there are, counted no further than one past <paramref name="maxFrames"/>; null when the blocks make no sense.</summary>
    public static (int Width, int Height, int Frames)? Gif(Stream stream, int maxFrames)
    {
        stream.Position = 0;
        var file = new BufferedStream(stream, BufferSize);
        Span<byte> screen = stackalloc byte[13];
        if (file.ReadAtLeast(screen, screen.Length, throwOnEndOfStream: false) < screen.Length)
        {
            return null;
        }
        var width = BinaryPrimitives.ReadUInt16LittleEndian(screen[6..]);
        var height = BinaryPrimitives.ReadUInt16LittleEndian(screen[8..]);
        file.Seek(ColorTableLength(screen[10]), SeekOrigin.Current);

        var frames = 0;
        Span<byte> descriptor = stackalloc byte[9];
        while (frames <= maxFrames)
        {
            switch (file.ReadByte())
            {
                case 0x2C when file.ReadAtLeast(descriptor, descriptor.Length, throwOnEndOfStream: false) == descriptor.Length:
                    frames++;
                    // A frame may reach out of the logical screen, which then grows in libvips.
                    width = (ushort)Math.Max(width, Math.Min(ushort.MaxValue, BinaryPrimitives.ReadUInt16LittleEndian(descriptor) + BinaryPrimitives.ReadUInt16LittleEndian(descriptor[4..])));
                    height = (ushort)Math.Max(height, Math.Min(ushort.MaxValue, BinaryPrimitives.ReadUInt16LittleEndian(descriptor[2..]) + BinaryPrimitives.ReadUInt16LittleEndian(descriptor[6..])));
                    file.Seek(ColorTableLength(descriptor[8]) + 1, SeekOrigin.Current);
                    SkipSubBlocks(file);
                    break;
                case 0x21:
                    file.ReadByte();
                    SkipSubBlocks(file);
                    break;
                default:
                    return frames == 0 ? null : (width, height, frames);
            }
        }
        return (width, height, frames);
    }

    /// <inheritdoc cref="Gif"/>
    public static (int Width, int Height, int Frames)? WebP(Stream stream, int maxFrames)
    {
        (int Width, int Height)? size = null;
        var frames = 0;
        Span<byte> chunk = stackalloc byte[18];
        for (var at = 12L; at + 8 <= stream.Length && frames <= maxFrames;)
        {
            stream.Position = at;
            chunk.Clear();
            stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
            size ??= Size(chunk);
            frames += chunk[..4].SequenceEqual("ANMF"u8) ? 1 : 0;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            at += 8L + length + (length & 1);
        }
        return size is { } s ? (s.Width, s.Height, Math.Max(1, frames)) : null;
    }

    private static (int, int)? Size(ReadOnlySpan<byte> chunk)
    {
        var data = chunk[8..];
        if (chunk.StartsWith("VP8X"u8))
        {
            return (1 + (data[4] | data[5] << 8 | data[6] << 16), 1 + (data[7] | data[8] << 8 | data[9] << 16));
        }
        if (chunk.StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return ((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
        }
        if (chunk.StartsWith("VP8 "u8))
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
        }
        return null;
    }

    private static int ColorTableLength(byte flags) => (flags & 0x80) != 0 ? 3 << (flags & 7) + 1 : 0;

    private static void SkipSubBlocks(Stream file)
    {
        for (var length = file.ReadByte(); length > 0; length = file.ReadByte())
        {
            file.Seek(length, SeekOrigin.Current);
        }
    }
}
