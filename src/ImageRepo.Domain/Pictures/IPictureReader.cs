using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Pictures;

/// <summary>Tells what a file is and reads it, within the limits. The only one who decodes originals.</summary>
public interface IPictureReader
{
    /// <summary>How many of the first bytes <see cref="Identify"/> wants; fewer are fine when the file is shorter.</summary>
    int HeadLength { get; }

    /// <summary>Tells the format from the first bytes, never from a name.</summary>
    /// <exception cref="UnsupportedImageFormatException">Not a supported image.</exception>
    /// <exception cref="EmptyFileException">There are no bytes.</exception>
    ImageFormat Identify(ReadOnlySpan<byte> head);

    /// <summary>
    /// Checks the header's dimensions against the limits, then decodes once, within the process's bounds on memory and cores;
    /// waits its turn for that. The stream is read from its start and must be seekable; the caller disposes it.
    /// </summary>
    /// <exception cref="ImageDimensionsTooLargeException">Too many pixels or frames.</exception>
    /// <exception cref="CorruptImageException">Truncated or otherwise unreadable.</exception>
    /// <exception cref="ServerBusyException">Too many are waiting already.</exception>
    Task<Picture> ReadAsync(Stream original, ImageFormat format, CancellationToken cancellationToken);

    /// <summary>Decodes once, in the same way, for one copy more: upright, in sRGB, without metadata. An animation moves in WebP alone; elsewhere its first frame is shown.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    Task<EncodedRendition> RenderAsync(Stream original, ImageFormat format, RenditionPlan plan, CancellationToken cancellationToken);
}
