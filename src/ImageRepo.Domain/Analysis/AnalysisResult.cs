using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Analysis;

/// <param name="Description">One sentence that says only what was seen; null when there is nothing to say.</param>
/// <param name="DescriptionConfidence">0 to 1; null where the analyzer gives none.</param>
/// <param name="Tags">Machine tags with confidence 0 to 1.</param>
public sealed record AnalysisResult(
    string Analyzer, string? Description, float? DescriptionConfidence,
    IReadOnlyList<(TagName Name, float Confidence)> Tags, IReadOnlyList<DetectedObject> Objects)
{
    /// <summary>What is written in the picture, in reading order; null where nobody could look, so that what was read before stays.</summary>
    public IReadOnlyList<TextLine>? Text { get; init; }

    /// <summary>Of the models that a service uses behind its own version; null where the analyzer's name says it all.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>How long it took, from the reading of the stored picture on; null where nobody measured.</summary>
    public TimeSpan? Duration { get; init; }
}

/// <param name="Width">Of the original as shown, in pixels.</param>
/// <param name="Height">Of the original as shown, in pixels.</param>
public sealed record PictureFacts(int Width, int Height, IReadOnlyList<ImageColor> Colors, IReadOnlyList<NamedColor> DominantColors, bool IsBlackAndWhite)
{
    public ImageOrientation Orientation => Image.OrientationOf(Width, Height);
}

/// <summary>Something recognised, with its place.</summary>
/// <param name="Confidence">0 to 1.</param>
public sealed record DetectedObject(string Name, float Confidence, Box Box);

/// <summary>A line of text that stands in the picture.</summary>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Box">The upright rectangle around it, also where the line itself is turned.</param>
public sealed record TextLine(string Text, float Confidence, Box Box);

/// <summary>A place in the picture as fractions of its width and height, 0 to 1, after EXIF rotation.</summary>
public sealed record Box(float X, float Y, float Width, float Height);

/// <summary>The picture can't be analysed; the message is shown to its owner.</summary>
public sealed class AnalysisFailedException(string message, Exception? inner = null) : DomainException(message, inner);
