using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>Finds where lines of text are. The network is PP-OCRv4's detector (https://github.com/PaddlePaddle/PaddleOCR).</summary>
internal sealed class TextDetector(ModelFiles files) : IDisposable
{
    /// <summary>The longer side that the network sees. Twice as much finds hardly more in a photo and takes four times as long.</summary>
    private const int LongestSide = 960;

    // Small writing in a small picture is found when it is enlarged, as the network has seen it.
    private const double MostEnlarged = 2.5;

    /// <summary>What the network is shown at once, a photo of four by three and a little more: its memory grows with it, to some 100 MB here.</summary>
    private const int MostPixels = LongestSide * 736;

    /// <summary>So many rows of its neighbour are shown with a band, since writing at an edge is seen badly: without them lines at the seam come apart, and with half as many some letters.</summary>
    private const int Margin = 2 * Step;

    /// <summary>The network halves its input five times.</summary>
    private const int Step = 32;

    // What it was trained with: ImageNet's values for red, green and blue, yet on pictures in the order blue, green, red.
    private static readonly float[] Mean = [123.675f, 116.28f, 103.53f];
    private static readonly float[] Deviation = [58.395f, 57.12f, 57.375f];

    // With its normalisations merged into its convolutions ONNX Runtime packs the network's memory worse: 143 MB for a square of 960 pixels, not 123, and no quicker.
    private readonly OnnxModel _model = new(files, ModelFiles.TextDetection, unfused: "ConvBNFusion");

    /// <summary>The lines in no order, in the picture's pixels.</summary>
    public List<LinePlace> Detect(DecodedPixels pixels, CancellationToken cancellationToken)
    {
        var lines = Look(pixels, cancellationToken);
        // The network knows level writing best: a page that lies on its side is looked at again, stood up.
        if (lines.Sum(l => Math.Abs(l.Along.X)) >= lines.Sum(l => Math.Abs(l.Along.Y)))
        {
            return lines;
        }
        using var turned = pixels.Turned();
        return [.. Look(turned, cancellationToken).Select(line => line.TurnedBack(pixels.Height))];
    }

    private List<LinePlace> Look(DecodedPixels pixels, CancellationToken cancellationToken)
    {
        var scale = Math.Min(MostEnlarged, (double)LongestSide / Math.Max(pixels.Width, pixels.Height));
        var (width, height) = (Stepped(pixels.Width * scale), Stepped(pixels.Height * scale));
        var (x, y) = ((float)pixels.Width / width, (float)pixels.Height / height);
        using var rgb = pixels.Squash(width, height);
        return LookInBands(rgb, cancellationToken).TakeLines().ConvertAll(line => line.Scaled(x, y));
    }

    /// <summary>A picture of too many pixels is looked at in bands from the top down: lines mostly lie along them.</summary>
    private TextMap LookInBands(RgbPixels rgb, CancellationToken cancellationToken)
    {
        var map = new TextMap(rgb.Width, rgb.Height);
        var bands = (rgb.Width * rgb.Height + MostPixels - 1) / MostPixels;
        var rows = (rgb.Height / Step + bands - 1) / bands * Step;
        for (var top = 0; top < rgb.Height; top += rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LookAt(rgb, top, Math.Min(rgb.Height, top + rows), map);
        }
        return map;
    }

    private void LookAt(RgbPixels rgb, int top, int end, TextMap map)
    {
        var (first, shown) = (Math.Max(0, top - Margin), Math.Min(rgb.Height, end + Margin));
        _model.Run(
            [1, 3, shown - first, rgb.Width],
            input => ColorPlanes.Normalise(rgb.Data[(first * rgb.Width * 3)..], Mean, Deviation, input),
            outputs => map.Write(top, outputs.Only(out _)[((top - first) * rgb.Width)..((end - first) * rgb.Width)]));
    }

    private static int Stepped(double length) => Math.Max(Step, (int)Math.Round(length / Step) * Step);

    public void Dispose() => _model.Dispose();
}
