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

    private ColorHistogram(ColorCell[] cells) => Cells = cells;

    /// <summary>The colours with their shares of what is visible, which add up to 1; empty when nothing is visible.</summary>
    public ColorCell[] Cells { get; }

    /// <param name="rgba">Four bytes a pixel, not premultiplied.</param>
    public static ColorHistogram Of(ReadOnlySpan<byte> rgba)
    {
        var sums = new Dictionary<int, (double L, double A, double B, double Weight)>(1024);
        var seen = new Dictionary<int, Oklab>(1024);
        var total = 0.0;
        for (var i = 0; i + 3 < rgba.Length; i += 4)
        {
            if (rgba[i + 3] < LeastAlpha)
            {
                continue;
            }
            var rgb = rgba[i] << 16 | rgba[i + 1] << 8 | rgba[i + 2];
            ref var lab = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, rgb, out var known);
            if (!known)
            {
                lab = Oklab.FromSrgb(rgba[i], rgba[i + 1], rgba[i + 2]);
            }
            var weight = rgba[i + 3] / 255.0;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, Cell(lab), out _);
            sum = (sum.L + lab.L * weight, sum.A + lab.A * weight, sum.B + lab.B * weight, sum.Weight + weight);
            total += weight;
        }
        return new ColorHistogram([.. sums.Values.Select(s =>
            new ColorCell(new Oklab(s.L / s.Weight, s.A / s.Weight, s.B / s.Weight), s.Weight / total))]);
    }

    private static int Cell(Oklab color) =>
        (int)(color.L / CellSize) << 16 | (int)((color.A + 0.5) / CellSize) << 8 | (int)((color.B + 0.5) / CellSize);
}

internal readonly record struct ColorCell(Oklab Color, double Share);
