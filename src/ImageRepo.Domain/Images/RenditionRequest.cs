using ImageRepo.Domain.Pictures;

namespace ImageRepo.Domain.Images;

/// <summary>How a picture is fitted into a box.</summary>
public enum ImageFit
{
    /// <summary>All of it, no side longer than the box's.</summary>
    Inside,

    /// <summary>Cut from its middle to a shape like the box's.</summary>
    Cover,
}

/// <summary>What somebody who shows a picture has room for.</summary>
public sealed record RenditionRequest
{
    private RenditionRequest()
    {
    }

    /// <summary>In pixels; null for any.</summary>
    public int? Width { get; private init; }

    /// <inheritdoc cref="Width"/>
    public int? Height { get; private init; }

    /// <summary>The shape to cut to; null for all of the picture.</summary>
    public AspectRatio? Crop { get; private init; }

    /// <summary>Null for the one that is kept for the size.</summary>
    public ImageFormat? Format { get; private init; }

    public bool IsUnbounded => Width is null && Height is null;

    /// <exception cref="InvalidRenditionException">A side is not positive, or one is missing of a box to be covered.</exception>
    public static RenditionRequest Create(int? width, int? height, ImageFit fit, ImageFormat? format)
    {
        RequirePositive(nameof(width), width);
        RequirePositive(nameof(height), height);
        if (fit == ImageFit.Cover && (width is null || height is null))
        {
            throw new InvalidRenditionException("fit COVER cuts the picture to the shape of a box, so it needs both width and height.");
        }
        return new RenditionRequest
        {
            Width = width,
            Height = height,
            Crop = fit == ImageFit.Cover ? AspectRatio.Closest(width!.Value, height!.Value) : null,
            Format = format,
        };
    }

    /// <summary>Whether a picture of this size is no larger than the box.</summary>
    public bool HasRoomFor(int width, int height) => width <= (Width ?? int.MaxValue) && height <= (Height ?? int.MaxValue);

    private static void RequirePositive(string side, int? pixels)
    {
        if (pixels < 1)
        {
            throw new InvalidRenditionException($"{side} is {pixels}; a picture has at least 1 pixel.");
        }
    }
}

public sealed class InvalidRenditionException(string message) : DomainException(message);
