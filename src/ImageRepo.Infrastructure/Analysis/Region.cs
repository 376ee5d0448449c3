using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>A rectangle in fractions of the picture's width and height. A model's own may reach over the edge.</summary>
internal readonly record struct Region(float Left, float Top, float Right, float Bottom)
{
    public float Width => Math.Max(0, Right - Left);
    public float Height => Math.Max(0, Bottom - Top);
    public float Area => Width * Height;

    /// <summary>Intersection over union: 0 where they don't touch, 1 where they are the same.</summary>
    public float Overlap(Region other)
    {
        var shared = new Region(
            Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).Area;
        return shared <= 0 ? 0 : shared / (Area + other.Area - shared);
    }

    public bool HoldsCentreOf(Region other)
    {
        var (x, y) = ((other.Left + other.Right) / 2, (other.Top + other.Bottom) / 2);
        return x >= Left && x <= Right && y >= Top && y <= Bottom;
    }

    /// <summary>What of it lies in the picture.</summary>
    public Region Clip() => new(
        Math.Clamp(Left, 0, 1), Math.Clamp(Top, 0, 1), Math.Clamp(Right, 0, 1), Math.Clamp(Bottom, 0, 1));

    public Box ToBox() => new(Left, Top, Width, Height);
}

internal static class Letterboxed
{
    /// <summary>From fractions of the square that a network saw to fractions of the picture within it.</summary>
    /// <param name="side">The square's, in pixels.</param>
    public static Region InPicture(this LetterboxFrame frame, Region square, int side) => new(
        (square.Left * side - frame.OffsetX) / frame.Width,
        (square.Top * side - frame.OffsetY) / frame.Height,
        (square.Right * side - frame.OffsetX) / frame.Width,
        (square.Bottom * side - frame.OffsetY) / frame.Height);
}
