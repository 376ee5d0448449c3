using System.Text.RegularExpressions;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>What comes from outside, made fit to be stored: bounded, in one line, and numbers within their range.</summary>
internal static partial class VisionText
{
    /// <summary>Null when nothing is left, or when it holds broken Unicode. Cut where it is longer.</summary>
    public static string? Line(string? text, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(text) || !PlainText.IsWellFormed(text))
        {
            return null;
        }
        var line = BlanksAndControls().Replace(text, " ").Trim().Normalize();
        if (line.Length > maxLength)
        {
            line = line[..(char.IsHighSurrogate(line[maxLength - 1]) ? maxLength - 1 : maxLength)].TrimEnd();
        }
        return line.Length > 0 ? line : null;
    }

    /// <summary>0 to 1; 0 for what is no number.</summary>
    public static float Fraction(float value) => float.IsNaN(value) ? 0 : Math.Clamp(value, 0, 1);

    /// <summary>As fractions of the picture, cut off at its edges; null when nothing of it is inside.</summary>
    public static Box? Place(PixelBox? box, PictureSize size)
    {
        if (box is null || size is not { Width: > 0, Height: > 0 })
        {
            return null;
        }
        var (left, top) = (Fraction(box.X / size.Width), Fraction(box.Y / size.Height));
        var (right, bottom) = (Fraction((box.X + box.W) / size.Width), Fraction((box.Y + box.H) / size.Height));
        return right > left && bottom > top ? new Box(left, top, right - left, bottom - top) : null;
    }

    /// <summary>The upright rectangle around it.</summary>
    public static Box? Place(IReadOnlyList<PixelPoint?>? polygon, PictureSize size)
    {
        var points = (polygon ?? []).OfType<PixelPoint>().ToList();
        return points.Count == 0 ? null : Place(new PixelBox(
            points.Min(p => p.X), points.Min(p => p.Y), points.Max(p => p.X) - points.Min(p => p.X), points.Max(p => p.Y) - points.Min(p => p.Y)), size);
    }

    // Format characters too, among them those that turn the direction of writing around.
    [GeneratedRegex(@"[\s\p{Cc}\p{Cf}]+", RegexOptions.CultureInvariant)]
    private static partial Regex BlanksAndControls();
}
