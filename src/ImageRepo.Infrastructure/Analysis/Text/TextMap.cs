using System.Numerics;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>How likely each pixel is text, and the lines that follow from it: spots of likely pixels, each within its smallest rectangle.</summary>
internal sealed class TextMap(int width, int height, float[] likelihood)
{
    // The post-processing of PaddleOCR's DB detector, with its defaults.
    private const float LikelyPixel = 0.3f;
    private const float LikelyLine = 0.6f;
    private const float UnclipRatio = 1.5f;
    private const float LeastSpot = 3;
    private const float LeastLine = LeastSpot + 2;

    public IEnumerable<LinePlace> Lines() =>
        from spot in Spots()
        let core = TurnedRectangle.Around(spot)
        where core.ShorterSide >= LeastSpot && MeanWithin(core) >= LikelyLine
        let line = core.Unclipped(UnclipRatio)
        where line.ShorterSide >= LeastLine
        select line.ToLine();

    /// <summary>The first and the last pixel of each row of each connected spot: no other can be a corner of its hull.</summary>
    private IEnumerable<List<Vector2>> Spots()
    {
        var seen = new bool[likelihood.Length];
        var open = new Stack<int>();
        for (var start = 0; start < likelihood.Length; start++)
        {
            if (seen[start] || likelihood[start] <= LikelyPixel)
            {
                continue;
            }
            var rows = new SortedDictionary<int, (int First, int Last)>();
            seen[start] = true;
            open.Push(start);
            while (open.TryPop(out var pixel))
            {
                var (x, y) = (pixel % width, pixel / width);
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
            yield return [.. rows.SelectMany(r => new[] { new Vector2(r.Value.First, r.Key), new Vector2(r.Value.Last, r.Key) })];
        }
    }

    private float MeanWithin(TurnedRectangle area)
    {
        var reach = (Math.Abs(area.Axis.X) + Math.Abs(area.Axis.Y)) * Math.Max(area.Length, area.Breadth) / 2 + 1;
        var (sum, count) = (0f, 0);
        for (var y = Math.Max(0, (int)(area.Centre.Y - reach)); y < Math.Min(height, area.Centre.Y + reach); y++)
        {
            for (var x = Math.Max(0, (int)(area.Centre.X - reach)); x < Math.Min(width, area.Centre.X + reach); x++)
            {
                if (area.Holds(new Vector2(x + 0.5f, y + 0.5f)))
                {
                    sum += likelihood[y * width + x];
                    count++;
                }
            }
        }
        return count > 0 ? sum / count : 0;
    }
}
