using System.Numerics;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>How likely each pixel is text, and the lines that follow from it: spots of likely pixels, each within its smallest rectangle.</summary>
internal sealed class TextMap(int width, int height)
{
    // The post-processing of PaddleOCR's DB detector, with its defaults; a byte is enough for the likelihood of a pixel.
    private const float LikelyPixel = 0.3f * byte.MaxValue;
    private const float LikelyLine = 0.6f * byte.MaxValue;
    private const float UnclipRatio = 1.5f;
    private const float LeastSpot = 3;
    private const float LeastLine = LeastSpot + 2;

    private readonly byte[] _likelihood = new byte[width * height];

    /// <param name="row">The first of the rows that are written.</param>
    /// <param name="likelihood">From 0 to 1, of each pixel of whole rows.</param>
    public void Write(int row, ReadOnlySpan<float> likelihood)
    {
        var target = _likelihood.AsSpan(row * width, likelihood.Length);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (byte)(likelihood[i] * byte.MaxValue + 0.5f);
        }
    }

    /// <summary>The lines in no order, in the map's pixels. The map is empty afterwards.</summary>
    public List<LinePlace> TakeLines() =>
    [
        .. from spot in TakeSpots()
           where spot.Likelihood >= LikelyLine
           let core = TurnedRectangle.Around(spot.Edges)
           where core.ShorterSide >= LeastSpot
           let line = core.Unclipped(UnclipRatio)
           where line.ShorterSide >= LeastLine
           select line.ToLine(),
    ];

    /// <summary>
    /// The first and the last pixel of each row of each connected spot, since no other can be a corner of its hull; and the mean of its pixels:
    /// that of the rectangle would drop the lines of a bent page, whose corners are empty.
    /// </summary>
    private List<(List<Vector2> Edges, float Likelihood)> TakeSpots()
    {
        var spots = new List<(List<Vector2> Edges, float Likelihood)>();
        var open = new Stack<int>();
        for (var start = 0; start < _likelihood.Length; start++)
        {
            if (_likelihood[start] <= LikelyPixel)
            {
                continue;
            }
            var rows = new SortedDictionary<int, (int First, int Last)>();
            var (sum, count) = (0, 0);
            Open(start);
            while (open.TryPop(out var pixel))
            {
                var (x, y) = (pixel % width, pixel / width);
                rows[y] = rows.TryGetValue(y, out var row) ? (Math.Min(row.First, x), Math.Max(row.Last, x)) : (x, x);
                for (var dy = Math.Max(0, y - 1); dy <= Math.Min(height - 1, y + 1); dy++)
                {
                    for (var dx = Math.Max(0, x - 1); dx <= Math.Min(width - 1, x + 1); dx++)
                    {
                        var next = dy * width + dx;
                        if (_likelihood[next] > LikelyPixel)
                        {
                            Open(next);
                        }
                    }
                }
            }
            spots.Add(([.. rows.SelectMany(r => new[] { new Vector2(r.Value.First, r.Key), new Vector2(r.Value.Last, r.Key) })], (float)sum / count));

            void Open(int pixel)
            {
                sum += _likelihood[pixel];
                count++;
                _likelihood[pixel] = 0;
                open.Push(pixel);
            }
        }
        return spots;
    }
}
