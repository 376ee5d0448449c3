using System.Numerics;

namespace ImageRepo.Infrastructure.Analysis.Text;

/// <summary>A rectangle at any angle.</summary>
/// <param name="Axis">The unit vector along <paramref name="Length"/>.</param>
internal readonly record struct TurnedRectangle(Vector2 Centre, Vector2 Axis, float Length, float Breadth)
{
    // Less drawn out than this, a spot has no direction of its own: a word of one or two letters, which most likely lies level.
    private const float DrawnOut = 1.5f;

    private Vector2 Normal => new(-Axis.Y, Axis.X);

    public float ShorterSide => Math.Min(Length, Breadth);

    /// <summary>The smallest rectangle around pixels that are given by their upper left corners. One of its sides lies on a side of their convex hull.</summary>
    public static TurnedRectangle Around(List<Vector2> pixels)
    {
        var hull = Hull(pixels);
        var best = default(TurnedRectangle);
        var area = float.MaxValue;
        for (var i = 0; i < hull.Count; i++)
        {
            var side = hull[(i + 1) % hull.Count] - hull[i];
            var candidate = Around(hull, side == Vector2.Zero ? Vector2.UnitX : Vector2.Normalize(side));
            if (candidate.Length * candidate.Breadth < area)
            {
                (best, area) = (candidate, candidate.Length * candidate.Breadth);
            }
        }
        return best;
    }

    /// <summary>Larger on all sides by area x <paramref name="ratio"/> / circumference: the network marks the core of a line, not its edges.</summary>
    public TurnedRectangle Unclipped(float ratio)
    {
        var distance = Length * Breadth * ratio / (2 * (Length + Breadth));
        return this with { Length = Length + 2 * distance, Breadth = Breadth + 2 * distance };
    }

    /// <summary>As a line of text, which runs along the longer side and from left to right, or down where it stands upright.</summary>
    public LinePlace ToLine()
    {
        var (along, length, breadth) = Length >= Breadth ? (Axis, Length, Breadth) : (Normal, Breadth, Length);
        if (length < DrawnOut * breadth && Math.Abs(along.X) < Math.Abs(along.Y))
        {
            (along, length, breadth) = (new Vector2(-along.Y, along.X), breadth, length);
        }
        // A hair's breadth of a lean must not turn an upright line around.
        along = along.X < -0.01f || (Math.Abs(along.X) <= 0.01f && along.Y < 0) ? -along : along;
        var (u, v) = (along * length, new Vector2(-along.Y, along.X) * breadth);
        return new LinePlace(Centre - u / 2 - v / 2, u, v);
    }

    private static TurnedRectangle Around(List<Vector2> hull, Vector2 axis)
    {
        var normal = new Vector2(-axis.Y, axis.X);
        Vector2 least = new(float.MaxValue), most = new(float.MinValue);
        foreach (var point in hull)
        {
            var place = new Vector2(Vector2.Dot(point, axis), Vector2.Dot(point, normal));
            least = Vector2.Min(least, place);
            most = Vector2.Max(most, place);
        }
        var middle = (least + most) / 2;
        return new TurnedRectangle(axis * middle.X + normal * middle.Y, axis, most.X - least.X, most.Y - least.Y);
    }

    /// <summary>Andrew's monotone chain over the four corners of each pixel.</summary>
    private static List<Vector2> Hull(List<Vector2> pixels)
    {
        List<Vector2> points = [.. pixels.SelectMany(p => new[] { p, p + Vector2.UnitX, p + Vector2.UnitY, p + Vector2.One })
            .Distinct().OrderBy(p => p.X).ThenBy(p => p.Y)];
        List<Vector2> hull = [];
        foreach (var half in new IEnumerable<Vector2>[] { points, Enumerable.Reverse(points) })
        {
            var start = hull.Count;
            foreach (var point in half)
            {
                while (hull.Count >= start + 2 && Cross(hull[^1] - hull[^2], point - hull[^2]) <= 0)
                {
                    hull.RemoveAt(hull.Count - 1);
                }
                hull.Add(point);
            }
            hull.RemoveAt(hull.Count - 1);
        }
        return hull;
    }

    private static float Cross(Vector2 a, Vector2 b) => a.X * b.Y - a.Y * b.X;
}
