using System.Text;
using ImageRepo.Infrastructure.Imaging;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>
/// Finds the 80 kinds of objects of the COCO data set. The network is NanoDet-g at 416 x 416 (https://github.com/RangiLyu/nanodet).
/// </summary>
internal sealed class NanoDet(ModelFiles files) : IDisposable
{
    /// <summary>What is surer than this may be there; whether it is said is for <see cref="Sightings"/>.</summary>
    public const float MinCandidate = 0.3f;

    // Under this even two looks that agree don't make a candidate.
    private const float MinSeen = 0.25f;

    private const int Side = 416;
    private const int Bins = 11;
    private const float SameThing = 0.5f;
    private const float SamePlace = 0.8f;

    // What the network was trained with, in its order blue, green, red.
    private static readonly float[] Mean = [103.53f, 116.28f, 123.675f];
    private static readonly float[] Deviation = [57.375f, 57.12f, 58.395f];

    private readonly OnnxModel _model = new(files, ModelFiles.NanoDet);
    private readonly Lazy<string[]> _names = new(
        () => Encoding.UTF8.GetString(files.Read(ModelFiles.CocoNames)).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        LazyThreadSafetyMode.PublicationOnly);

    /// <summary>
    /// What may be in the picture, the surest first, their places clipped to it. The network sees the picture squashed to its square, and the whole in its own
    /// shape: what is there is there each time, while a mistake hangs on one of them. The confidence is the mean of the two.
    /// </summary>
    public List<Detection> Detect(DecodedPixels pixels, CancellationToken cancellationToken)
    {
        using var square = pixels.Squash(Side, Side);
        var squashed = Look(square);
        cancellationToken.ThrowIfCancellationRequested();
        using var boxed = pixels.Letterbox(Side, out var frame);
        var inShape = Look(boxed).Select(d => d with { Region = frame.InPicture(d.Region, Side) });
        var agreed = Detections.Agree([squashed.WithinPicture(), inShape.WithinPicture()], SameThing);
        return Detections.OneNameAPlace(agreed.Where(d => d.Confidence >= MinCandidate), SamePlace);
    }

    private List<Detection> Look(RgbPixels rgb)
    {
        var names = _names.Value;
        return _model.Run([1, 3, Side, Side], input => ColorPlanes.Normalise(rgb.Data, Mean, Deviation, input), outputs =>
        {
            var all = new List<Detection>();
            foreach (var stride in (ReadOnlySpan<int>)[8, 16, 32])
            {
                var cells = Side / stride;
                Read(outputs.OfShape(cells * cells, names.Length), outputs.OfShape(cells * cells, 4 * Bins), stride, names, all);
            }
            return all;
        });
    }

    private static void Read(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> distances, int stride, string[] names, List<Detection> found)
    {
        var cells = Side / stride;
        for (var cell = 0; cell < cells * cells; cell++)
        {
            var classes = scores.Slice(cell * names.Length, names.Length);
            var (best, next) = (0, float.MinValue);
            for (var c = 1; c < classes.Length; c++)
            {
                next = Math.Max(next, Math.Min(classes[c], classes[best]));
                best = classes[c] > classes[best] ? c : best;
            }
            if (classes[best] >= MinSeen)
            {
                var place = Place(distances.Slice(cell * 4 * Bins, 4 * Bins), cell, stride);
                found.Add(new Detection(names[best], Math.Min(1, classes[best]), place, classes[best] - next));
            }
        }
    }

    /// <summary>The box reaches from the cell's centre by four distances, each of which the network gives as a distribution over bins.</summary>
    private static Region Place(ReadOnlySpan<float> distances, int cell, int stride)
    {
        var cells = Side / stride;
        var (x, y) = ((cell % cells + 0.5f) * stride, (cell / cells + 0.5f) * stride);
        return new Region(
            (x - Expected(distances[..Bins]) * stride) / Side,
            (y - Expected(distances[Bins..(2 * Bins)]) * stride) / Side,
            (x + Expected(distances[(2 * Bins)..(3 * Bins)]) * stride) / Side,
            (y + Expected(distances[(3 * Bins)..]) * stride) / Side);
    }

    /// <summary>The mean of the softmax distribution, in bins.</summary>
    private static float Expected(ReadOnlySpan<float> logits)
    {
        float highest = logits[0], sum = 0, weighted = 0;
        foreach (var logit in logits)
        {
            highest = Math.Max(highest, logit);
        }
        for (var bin = 0; bin < logits.Length; bin++)
        {
            var weight = MathF.Exp(logits[bin] - highest);
            sum += weight;
            weighted += weight * bin;
        }
        return weighted / sum;
    }

    public void Dispose() => _model.Dispose();
}
