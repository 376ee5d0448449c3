using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>
/// Finds faces, and nothing about whose they are. The network is MediaPipe's BlazeFace, back camera, 256 x 256
/// (https://arxiv.org/abs/1907.05047). It fires on cats and cups too: believe it only within a person.
/// </summary>
internal sealed class BlazeFace(ModelFiles files) : IDisposable
{
    public const float MinConfidence = 0.7f;
    public const string Face = "face";

    private const int Side = 256;
    private const int ValuesAFace = 16;
    private const float SameFace = 0.3f;

    /// <summary>The two grids of anchors: cells a side, and anchors a cell. Every anchor is its cell's centre.</summary>
    private static readonly (int Cells, int Anchors)[] Grids = [(16, 2), (8, 6)];

    private readonly OnnxModel _model = new(files, ModelFiles.BlazeFace);

    /// <summary>The faces in the picture, the surest first, their places clipped to it.</summary>
    public List<Detection> Detect(DecodedPixels pixels)
    {
        using var rgb = pixels.Letterbox(Side, out var frame);
        var found = _model.Run([1, Side, Side, 3], input => MediaPipe.Normalise(rgb.Data, input), outputs =>
        {
            var all = new List<Detection>();
            foreach (var (cells, anchors) in Grids)
            {
                var count = cells * cells * anchors;
                Read(outputs.OfShape(count, 1), outputs.OfShape(count, ValuesAFace), cells, anchors, all);
            }
            return all;
        });
        return Detections.Suppress(found.Select(d => d with { Region = frame.InPicture(d.Region, Side) }).WithinPicture(), SameFace);
    }

    private static void Read(ReadOnlySpan<float> scores, ReadOnlySpan<float> places, int cells, int anchors, List<Detection> found)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            var confidence = 1 / (1 + MathF.Exp(-scores[i]));
            if (confidence < MinConfidence)
            {
                continue;
            }
            // The first four of a face's values are its centre, from the anchor, and its size; the rest are eyes, nose, mouth and ears.
            var cell = i / anchors;
            var place = places.Slice(i * ValuesAFace, 4);
            var (x, y) = (place[0] / Side + (cell % cells + 0.5f) / cells, place[1] / Side + (cell / cells + 0.5f) / cells);
            var (width, height) = (place[2] / Side, place[3] / Side);
            found.Add(new Detection(Face, confidence, new Region(x - width / 2, y - height / 2, x + width / 2, y + height / 2)));
        }
    }

    public void Dispose() => _model.Dispose();
}
