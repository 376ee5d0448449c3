using System.Numerics;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>How likely each pixel is text, and the lines that follow from it: spots of likely pixels, each within its smallest rectangle.</summary>
internal sealed class TextMap(int width, int height)
{
    // The post-processing of PaddleOCR's DB detector, with its defaults.
    private const float LikelyPixel = 0.3f;
    private const float LikelyLine = 0.6f;
    private const float UnclipRatio = 1.5f;
    private const float LeastSpot = 3;
    private const float LeastLine = LeastSpot + 2;

    /// <param name="likelihood">Of each pixel, row by row.</param>
    public List<LinePlace> Lines(ReadOnlySpan<float> likelihood) =>
    [
        .. from spot in Spots(likelihood)
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
    private List<(List<Vector2> Edges, float Likelihood)> Spots(ReadOnlySpan<float> likelihood)
    {
        var spots = new List<(List<Vector2> Edges, float Likelihood)>();
        var seen = new bool[likelihood.Length];
        var open = new Stack<int>();
        for (var start = 0; start < likelihood.Length; start++)
        {
            if (seen[start] || likelihood[start] <= LikelyPixel)
            {
                continue;
            }
            var rows = new SortedDictionary<int, (int First, int Last)>();
            var (sum, count) = (0f, 0);
            seen[start] = true;
            open.Push(start);
            while (open.TryPop(out var pixel))
            {
                var (x, y) = (pixel % width, pixel / width);
                sum += likelihood[pixel];
                count++;
                rows[y] = rows.TryGetValue(y, out var row) ? (Math.Min(row.First, x), Math.Max(row.Last, x)) : (x, x);
                for (var dy = Math.Max(0, y - 1); dy <= Math.Min(height - 1, y + 1); dy++)
                {
                    for (var dx = Math.Max(0, x - 1); dx <= Math.Min(width - 1, x + 1); dx++)
                    {
                        var next = dy * width + dx;
                        if (!seen[next] && likelihood[next] > LikelyPixel)
                        {
                            seen[next] = true;
                            open.Push(next);
                        }
                    }
                }
            }
            spots.Add(([.. rows.SelectMany(r => new[] { new Vector2(r.Value.First, r.Key), new Vector2(r.Value.Last, r.Key) })], sum / count));
        }
        return spots;
    }
}
