namespace ImageRepo.Domain.Images;

// One a schema error: XException becomes XError, its properties become the fields.

public sealed class ImageTooLargeException(long? byteSize, long maxByteSize)
    : DomainException(byteSize is { } size
        ? $"The file has {size} bytes; at most {maxByteSize} are allowed."
        : $"The file is larger than the {maxByteSize} bytes allowed.")
{
    /// <summary>Null when the upload was cut off at the limit, so that its whole size is unknown.</summary>
    public long? ByteSize { get; } = byteSize;
    public long MaxByteSize { get; } = maxByteSize;
}

public sealed class ImageDimensionsTooLargeException(int width, int height, int frames, long maxPixels, int maxFrames)
    : DomainException(frames > maxFrames
        ? $"The image has {frames} frames; at most {maxFrames} are allowed."
        : $"The image has {width} x {height} pixels{(frames > 1 ? $" in {frames} frames" : "")}; at most {maxPixels} pixels are allowed.")
{
    public int Width { get; } = width;
    public int Height { get; } = height;
    public int Frames { get; } = frames;
    public long MaxPixels { get; } = maxPixels;
    public int MaxFrames { get; } = maxFrames;
}

public sealed class UnsupportedImageFormatException(string? detectedType, IReadOnlyList<string> supportedTypes, string? reason = null)
    : DomainException(reason ?? (detectedType is null
        ? $"The file is not an image of a supported type ({string.Join(", ", supportedTypes)})."
        : $"{detectedType} is not supported; the supported types are {string.Join(", ", supportedTypes)}."))
{
    /// <summary>The media type told from the bytes; null when they are of no known type.</summary>
    public string? DetectedType { get; } = detectedType;
    public IReadOnlyList<string> SupportedTypes { get; } = supportedTypes;
}

public sealed class CorruptImageException(Exception? inner = null)
    : DomainException("The image is damaged or incomplete and can't be read.", inner);

public sealed class EmptyFileException() : DomainException("The file is empty.");

public sealed class InvalidTagException(string tag, string message) : DomainException(message)
{
    public string Tag { get; } = tag;
}

public sealed class TooManyTagsException(ImageId id, int maxTags) : DomainException($"An image can have at most {maxTags} tags.")
{
    public ImageId Id { get; } = id;
    public int MaxTags { get; } = maxTags;
}

public sealed class ImageNotFoundException(ImageId id) : DomainException("There is no image with this id in your library.")
{
    public ImageId Id { get; } = id;
}

public sealed class DuplicateImageException(ImageId id, Image existing)
    : DomainException("The same picture is in your library already, so this one can't be restored beside it.")
{
    public ImageId Id { get; } = id;
    public Image Existing { get; } = existing;
}

public sealed class ConcurrentEditException(ImageId id) : DomainException("The image was changed by someone else in the meantime; read it again and repeat your change.")
{
    public ImageId Id { get; } = id;
}

public sealed class InvalidTextException(string field, int maxLength, string message) : DomainException(message)
{
    public string Field { get; } = field;
    public int MaxLength { get; } = maxLength;
}

public sealed class TooManyImagesException(int count, int maxImages) : DomainException($"The call names {count} images; at most {maxImages} are allowed.")
{
    public int MaxImages { get; } = maxImages;
}

/// <summary>The image is in a state in which this can't be done, such as finishing an analysis that was never started. A defect of the caller, never shown.</summary>
public sealed class IllegalImageTransitionException(ImageId id, string message) : InvalidOperationException($"Image {id}: {message}");

/// <summary>All places to decode are taken and the queue for them is full. Ask again later.</summary>
public sealed class ServerBusyException(TimeSpan retryAfter) : UnavailableException("The server is busy with other pictures; try again in a moment.", retryAfter);
