using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>Reads the text in a picture: finds its lines, reads each as it lies, and puts them in order.</summary>
internal sealed class TextRecognition(TextDetector detector, LineReader reader)
{
    /// <summary>Under this, what is read is mostly bark, grass and bricks.</summary>
    internal const float MinConfidence = 0.75f;

    // Lines are read from left to right first; what makes no sense so is tried upside down.
    private const float SureEnough = 0.85f;

    // Some three seconds of one core.
    private const int MostLines = 100;

    /// <summary>The lines in reading order. Of more than a hundred, the largest.</summary>
    public IReadOnlyList<TextLine> Read(DecodedPixels pixels, CancellationToken cancellationToken)
    {
        var places = detector.Detect(pixels, cancellationToken);
        if (places.Count == 0)
        {
            return [];
        }
        using var picture = pixels.Whole();
        var lines = new List<(LinePlace Place, string Text, float Confidence)>();
        foreach (var place in places.OrderByDescending(p => p.Down.Length()).Take(MostLines))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = ReadEitherWay(picture, place);
            if (line.Confidence >= MinConfidence && line.Text.Any(char.IsLetterOrDigit))
            {
                lines.Add(line);
            }
        }
        return [.. ReadingOrder.Of(lines, l => l.Place).Select(l => new TextLine(l.Text, l.Confidence, l.Place.ToBox(pixels.Width, pixels.Height)))];
    }

    private (LinePlace Place, string Text, float Confidence) ReadEitherWay(RgbPixels picture, LinePlace place)
    {
        var (text, confidence) = reader.Read(picture, place);
        if (confidence >= SureEnough)
        {
            return (place, text, confidence);
        }
        var (turned, turnedConfidence) = reader.Read(picture, place.UpsideDown);
        return turnedConfidence > confidence ? (place.UpsideDown, turned, turnedConfidence) : (place, text, confidence);
    }
}
