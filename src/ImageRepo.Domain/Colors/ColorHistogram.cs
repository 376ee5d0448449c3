using System.Runtime.InteropServices;

namespace ImageRepo.Domain.Colors;

/// <summary>
/// How much of a picture has which colour: its visible pixels gathered in small cubes of OKLab. Each cube keeps the mean of what fell into it,
/// so that a flat area keeps its very colour.
/// </summary>
internal sealed class ColorHistogram
{
    /// <summary>Less than half of what the eye tells apart at a glance; two flat areas in one cube would be alike.</summary>
    private const double CellSize = 0.015;

    // Under this a pixel is the soft edge of something cut out, and its colour is often arbitrary.
    private const byte LeastAlpha = 16;

    // A pixel on the border of two areas has a colour that the picture doesn't, made when it was reduced. It counts for little as what it is, and not
    // for nothing: where all is fine texture, all is border. The rest of it belongs to the two areas, or small ones would have too little.
    private const double BorderWeight = 0.05;
    private const double BorderStep = 0.03;
    private const int BorderReach = 3;

    private ColorHistogram(ColorCell[] cells) => Cells = cells;

    /// <summary>The colours with their shares of what is visible, which add up to 1; empty when nothing is visible.</summary>
    public ColorCell[] Cells { get; }

    /// <param name="rgba">Four bytes a pixel, not premultiplied.</param>
    /// <param name="width">Pixels a row.</param>
    public static ColorHistogram Of(ReadOnlySpan<byte> rgba, int width)
    {
        var pixels = new Oklab[rgba.Length / 4];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = Oklab.Estimate(rgba[i * 4], rgba[i * 4 + 1], rgba[i * 4 + 2]);
        }
        var borders = new Axis[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            borders[i] = BorderAt(pixels, i, width);
        }
        var sums = new Dictionary<int, (double L, double A, double B, double Weight)>(4096);
        var total = 0.0;
        void Add(Oklab lab, double weight)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, Cell(lab), out _);
            sum = (sum.L + lab.L * weight, sum.A + lab.A * weight, sum.B + lab.B * weight, sum.Weight + weight);
            total += weight;
        }
        for (var i = 0; i < pixels.Length; i++)
        {
            var weight = rgba[i * 4 + 3] / 255.0;
            if (rgba[i * 4 + 3] < LeastAlpha)
            {
                continue;
            }
            Add(pixels[i], borders[i] == Axis.None ? weight : weight * BorderWeight);
            if (borders[i] != Axis.None
                && AreaBeside(rgba, borders, i, -Step(borders[i], width), width) is var before and >= 0
                && AreaBeside(rgba, borders, i, Step(borders[i], width), width) is var after and >= 0)
            {
                var part = pixels[i].WayBetween(pixels[before], pixels[after]);
                Add(pixels[before], weight * (1 - BorderWeight) * (1 - part));
                Add(pixels[after], weight * (1 - BorderWeight) * part);
            }
        }
        return new ColorHistogram([.. sums.Values.Where(s => s.Weight > 0).Select(s =>
            new ColorCell(new Oklab(s.L / s.Weight, s.A / s.Weight, s.B / s.Weight), s.Weight / total))]);
    }

    /// <summary>The first pixel that way that is no border and can be seen; -1 where there is none near.</summary>
    private static int AreaBeside(ReadOnlySpan<byte> rgba, Axis[] borders, int at, int step, int width)
    {
        for (var reach = 1; reach <= BorderReach; reach++)
        {
            var next = at + reach * step;
            if (next < 0 || next >= borders.Length || (Math.Abs(step) == 1 && next / width != at / width))
            {
                return -1;
            }
            if (borders[next] == Axis.None)
            {
                return rgba[next * 4 + 3] >= LeastAlpha ? next : -1;
            }
        }
        return -1;
    }

    private static int Step(Axis axis, int width) => axis == Axis.Across ? 1 : width;

    private static Axis BorderAt(Oklab[] pixels, int at, int width)
    {
        var x = at % width;
        if (x > 0 && x < width - 1 && IsBetween(pixels[at - 1], pixels[at], pixels[at + 1]))
        {
            return Axis.Across;
        }
        return at >= width && at < pixels.Length - width && IsBetween(pixels[at - width], pixels[at], pixels[at + width]) ? Axis.Down : Axis.None;
    }

    /// <summary>A step away from both sides and on the way from one to the other; a thin line is no border, nor is a slow gradient.</summary>
    private static bool IsBetween(Oklab before, Oklab color, Oklab after)
    {
        var (first, second) = (before.SquaredDistanceTo(color), color.SquaredDistanceTo(after));
        return first > BorderStep * BorderStep && second > BorderStep * BorderStep && before.SquaredDistanceTo(after) > (first + second) * 1.2;
    }

    /// <summary>Which way a border is crossed.</summary>
    private enum Axis : byte
    {
        None,
        Across,
        Down,
    }

    private static int Cell(Oklab color) =>
        (int)(color.L / CellSize) << 16 | (int)((color.A + 0.5) / CellSize) << 8 | (int)((color.B + 0.5) / CellSize);
}

internal readonly record struct ColorCell(Oklab Color, double Share);
