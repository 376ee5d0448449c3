using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>
/// A second opinion on some of NanoDet's kinds. The network is MediaPipe's SSD (https://arxiv.org/abs/1512.02325) on MobileNetV2 at 300 x 300, trained on
/// Open Images: other photos than NanoDet's, so it errs elsewhere.
/// </summary>
internal sealed class SsdMobileNet(ModelFiles files) : IDisposable
{
    // Less adds nothing to what another network saw.
    private const float MinConfidence = 0.1f;

    private const int Side = 300;
    private const float SameThing = 0.5f;

    // What the centre and the size of a box are multiplied by in training.
    private const float CentreScale = 10;
    private const float SizeScale = 5;

    /// <summary>In the network's order: COCO's name of a kind, null for what has none (boots, boxes, cameras) or too wide a one (any vehicle).</summary>
    private static readonly string?[] Kinds =
    [
        null, "bicycle", null, "laptop", "person", "chair", "cow", null, "cat", "mouse", "tv", null,
        "cup", "cup", null, "dining table", "bottle", null, null, null, "dog", "book", null, "car",
    ];

    private static readonly Region[] Anchors = [.. Grid(19, 0), .. Grid(10, 1), .. Grid(5, 2), .. Grid(3, 3), .. Grid(2, 4), .. Grid(1, 5)];

    private readonly OnnxModel _model = new(files, ModelFiles.SsdMobileNet);

    /// <summary>What may be in the picture, squashed to the network's square as it was in training; the surest first, places clipped.</summary>
    public List<Detection> Detect(DecodedPixels pixels)
    {
        using var rgb = pixels.Squash(Side, Side);
        var found = _model.Run(
            [1, Side, Side, 3],
            input => MediaPipe.Normalise(rgb.Data, input),
            outputs => Read(outputs.OfShape(Anchors.Length, Kinds.Length), outputs.OfShape(Anchors.Length, 4)));
        return Detections.Suppress(found.WithinPicture(), SameThing);
    }

    private static List<Detection> Read(ReadOnlySpan<float> scores, ReadOnlySpan<float> places)
    {
        var found = new List<Detection>();
        for (var i = 0; i < scores.Length; i++)
        {
            var confidence = 1 / (1 + MathF.Exp(-scores[i]));
            if (confidence >= MinConfidence && Kinds[i % Kinds.Length] is { } kind)
            {
                var anchor = i / Kinds.Length;
                found.Add(new Detection(kind, confidence, Place(Anchors[anchor], places.Slice(4 * anchor, 4))));
            }
        }
        return found;
    }

    /// <summary>The network gives the centre, down before across, as parts of the anchor's size, and the logarithm of the size, higher before wider.</summary>
    private static Region Place(Region anchor, ReadOnlySpan<float> place)
    {
        var (y, x) = ((anchor.Top + anchor.Bottom) / 2 + place[0] / CentreScale * anchor.Height, (anchor.Left + anchor.Right) / 2 + place[1] / CentreScale * anchor.Width);
        var (height, width) = (MathF.Exp(place[2] / SizeScale) * anchor.Height, MathF.Exp(place[3] / SizeScale) * anchor.Width);
        return new Region(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
    }

    /// <summary>The anchors of one layer, from small things to large, each cell's in their order.</summary>
    private static IEnumerable<Region> Grid(int cells, int layer) =>
        from cell in Enumerable.Range(0, cells * cells)
        from shape in Shapes(layer)
        let centre = (X: (cell % cells + 0.5f) / cells, Y: (cell / cells + 0.5f) / cells)
        let half = (Width: shape.Scale * MathF.Sqrt(shape.Aspect) / 2, Height: shape.Scale / MathF.Sqrt(shape.Aspect) / 2)
        select new Region(centre.X - half.Width, centre.Y - half.Height, centre.X + half.Width, centre.Y + half.Height);

    private static (float Scale, float Aspect)[] Shapes(int layer)
    {
        var scale = Scale(layer);
        return layer == 0
            ? [(scale / 2, 1), (scale, 2), (scale, 1 / 2f)]
            : [(scale, 1), (scale, 2), (scale, 1 / 2f), (scale, 3), (scale, 1 / 3f), (MathF.Sqrt(scale * Math.Min(1, Scale(layer + 1))), 1)];
    }

    /// <summary>Of a layer's anchors, in sides of the picture: 0.2 to 0.95 in equal steps.</summary>
    private static float Scale(int layer) => 0.2f + 0.15f * layer;

    public void Dispose() => _model.Dispose();
}
