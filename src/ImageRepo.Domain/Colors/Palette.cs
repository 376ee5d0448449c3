namespace ImageRepo.Domain.Colors;

/// <summary>Finds the few colours that stand for a picture.</summary>
internal static class Palette
{
    private const int Size = 8;

    // A graphic may have more flat areas than a photo has colours worth naming: each of 5 % or more is kept.
    private const int MaxFlatAreas = 16;
    private const double FlatShare = 0.04;

    // A clean area is all but a point; a grainy one is looked for afterwards, in a wider spot.
    private static readonly (double Radius, double Surroundings)[] FlatSpots = [(0.012, 0.03), (0.024, 0.048)];

    private const double Alike = 0.04;
    private const double Vivid = 0.12;
    private const double LeastShare = 0.01;
    private const double LeastVividShare = 0.002;
    private const int Rounds = 8;

    /// <summary>Colours with the shares of the picture that are nearer to them than to any other, largest first.</summary>
    public static IReadOnlyList<ColorCell> Find(ColorCell[] cells)
    {
        if (cells.Length == 0)
        {
            return [];
        }
        var flat = FlatAreas(cells);
        var centers = new List<Oklab>(flat);
        AddSpread(centers, cells);
        // A flat area stays exactly what it is; what lies between the flat areas moves to the middle of what it stands for.
        var shares = Settle(centers, flat.Count, cells);
        Prune(centers, shares, flat.Count, cells);
        return [.. centers.Select((c, i) => new ColorCell(c, shares[i])).Where(c => c.Share > 0).OrderByDescending(c => c.Share)];
    }

    /// <summary>Colours with a lot of the picture in one spot of the colour space and little around it, unlike the slopes of a gradient.</summary>
    private static List<Oklab> FlatAreas(ColorCell[] cells)
    {
        var areas = new List<ColorCell>();
        foreach (var (radius, reach) in FlatSpots)
        {
            foreach (var peak in cells.Where(c => c.Share > FlatShare / 8).OrderByDescending(c => c.Share))
            {
                if (areas.Any(a => a.Color.DistanceTo(peak.Color) < reach))
                {
                    continue;
                }
                var core = Around(cells, peak.Color, radius);
                if (core.Share >= FlatShare && Around(cells, core.Color, reach).Share < 1.5 * core.Share)
                {
                    areas.Add(core);
                }
            }
        }
        return [.. areas.OrderByDescending(a => a.Share).Take(MaxFlatAreas).Select(a => a.Color)];
    }

    private static ColorCell Around(ColorCell[] cells, Oklab center, double radius)
    {
        double l = 0, a = 0, b = 0, share = 0;
        foreach (var cell in cells)
        {
            if (cell.Color.SquaredDistanceTo(center) <= radius * radius)
            {
                l += cell.Color.L * cell.Share;
                a += cell.Color.A * cell.Share;
                b += cell.Color.B * cell.Share;
                share += cell.Share;
            }
        }
        return new ColorCell(share > 0 ? new Oklab(l / share, a / share, b / share) : center, share);
    }

    /// <summary>k-means++ without the dice: the next centre is where most of the picture lies farthest from the centres so far; what is vivid counts more.</summary>
    private static void AddSpread(List<Oklab> centers, ColorCell[] cells)
    {
        var nearest = new double[cells.Length];
        Array.Fill(nearest, 0.25);
        foreach (var center in centers)
        {
            Approach(nearest, cells, center);
        }
        while (centers.Count < Size)
        {
            var (best, score) = (0, 0.0);
            for (var i = 0; i < cells.Length; i++)
            {
                var s = cells[i].Share * nearest[i] * (1 + 8 * cells[i].Color.Chroma);
                (best, score) = s > score ? (i, s) : (best, score);
            }
            if (nearest[best] < Alike * Alike)
            {
                return;
            }
            centers.Add(cells[best].Color);
            Approach(nearest, cells, cells[best].Color);
        }
    }

    private static void Approach(double[] nearest, ColorCell[] cells, Oklab center)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            nearest[i] = Math.Min(nearest[i], cells[i].Color.SquaredDistanceTo(center));
        }
    }

    private static double[] Settle(List<Oklab> centers, int fixedCount, ColorCell[] cells)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var sums = Assign(centers, cells);
            for (var i = fixedCount; i < centers.Count; i++)
            {
                if (sums[i].Share > 0)
                {
                    centers[i] = new Oklab(sums[i].L / sums[i].Share, sums[i].A / sums[i].Share, sums[i].B / sums[i].Share);
                }
            }
        }
        return [.. Assign(centers, cells).Select(s => s.Share)];
    }

    private static (double L, double A, double B, double Share)[] Assign(List<Oklab> centers, ColorCell[] cells)
    {
        var sums = new (double L, double A, double B, double Share)[centers.Count];
        foreach (var (color, share) in cells)
        {
            var (best, distance) = (0, double.MaxValue);
            for (var i = 0; i < centers.Count; i++)
            {
                var d = color.SquaredDistanceTo(centers[i]);
                (best, distance) = d < distance ? (i, d) : (best, distance);
            }
            ref var sum = ref sums[best];
            sum = (sum.L + color.L * share, sum.A + color.A * share, sum.B + color.B * share, sum.Share + share);
        }
        return sums;
    }

    /// <summary>Drops what covers next to nothing, unless it is a vivid accent, and what has moved beside another; their part goes to the nearest that stays.</summary>
    private static void Prune(List<Oklab> centers, double[] shares, int fixedCount, ColorCell[] cells)
    {
        for (var i = centers.Count - 1; i >= fixedCount && centers.Count > 1; i--)
        {
            var color = centers[i];
            var least = color.Chroma >= Vivid ? LeastVividShare : LeastShare;
            var twin = centers.Where((c, j) => j < i && c.DistanceTo(color) < Alike).Any();
            if (shares[i] < least || twin)
            {
                centers.RemoveAt(i);
            }
        }
        Assign(centers, cells).Select(s => s.Share).ToArray().CopyTo(shares, 0);
    }
}
