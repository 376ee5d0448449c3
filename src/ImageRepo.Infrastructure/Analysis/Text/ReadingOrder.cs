using System.Numerics;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>Top to bottom in rows, and within a row from left to right, as the text itself is turned. Columns are not told apart.</summary>
internal static class ReadingOrder
{
    // Of the lower of two lines, so much must lie beside the other for both to be one row.
    private const float SameRow = 0.5f;

    public static IEnumerable<T> Of<T>(IReadOnlyCollection<T> lines, Func<T, LinePlace> place)
    {
        if (lines.Count == 0)
        {
            return [];
        }
        // Long lines tell best how the page lies.
        var along = lines.Aggregate(Vector2.Zero, (sum, line) => sum + place(line).Along);
        along = along == Vector2.Zero ? Vector2.UnitX : Vector2.Normalize(along);
        var down = new Vector2(-along.Y, along.X);

        var rows = new List<List<T>>();
        foreach (var line in lines.OrderBy(l => Vector2.Dot(place(l).Centre, down)))
        {
            if (rows.Count > 0 && IsBeside(place(rows[^1][^1]), place(line), down))
            {
                rows[^1].Add(line);
            }
            else
            {
                rows.Add([line]);
            }
        }
        return rows.SelectMany(row => row.OrderBy(l => Vector2.Dot(place(l).Centre, along)));
    }

    private static bool IsBeside(LinePlace upper, LinePlace lower, Vector2 down)
    {
        var distance = Vector2.Dot(lower.Centre - upper.Centre, down);
        var (a, b) = (upper.Down.Length(), lower.Down.Length());
        return (a + b) / 2 - distance >= SameRow * Math.Min(a, b);
    }
}
