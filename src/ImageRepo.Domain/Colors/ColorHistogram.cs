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

    // A pixel on the border of two areas has a colour that the picture doesn't, made when it was reduced. It counts for little, and not for
    // nothing: where all is fine texture, all is border.
    private const double BorderWeight = 0.05;
    private const double BorderStep = 0.03;

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
        var sums = new Dictionary<int, (double L, double A, double B, double Weight)>(4096);
        var total = 0.0;
        for (var i = 0; i < pixels.Length; i++)
        {
            var alpha = rgba[i * 4 + 3];
            if (alpha < LeastAlpha)
            {
                continue;
            }
            var lab = pixels[i];
            var weight = alpha / 255.0 * (IsBorder(pixels, i, width) ? BorderWeight : 1);
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, Cell(lab), out _);
            sum = (sum.L + lab.L * weight, sum.A + lab.A * weight, sum.B + lab.B * weight, sum.Weight + weight);
            total += weight;
        }
        return new ColorHistogram([.. sums.Values.Select(s =>
            new ColorCell(new Oklab(s.L / s.Weight, s.A / s.Weight, s.B / s.Weight), s.Weight / total))]);
    }

    private static bool IsBorder(Oklab[] pixels, int at, int width)
    {
        var x = at % width;
        return (x > 0 && x < width - 1 && IsBetween(pixels[at - 1], pixels[at], pixels[at + 1]))
            || (at >= width && at < pixels.Length - width && IsBetween(pixels[at - width], pixels[at], pixels[at + width]));
    }

    /// <summary>A step away from both sides and on the way from one to the other; a thin line is no border, nor is a slow gradient.</summary>
    private static bool IsBetween(Oklab before, Oklab color, Oklab after)
    {
        var (first, second) = (before.SquaredDistanceTo(color), color.SquaredDistanceTo(after));
        return first > BorderStep * BorderStep && second > BorderStep * BorderStep && before.SquaredDistanceTo(after) > (first + second) * 1.2;
    }

    private static int Cell(Oklab color) =>
        (int)(color.L / CellSize) << 16 | (int)((color.A + 0.5) / CellSize) << 8 | (int)((color.B + 0.5) / CellSize);
}

internal readonly record struct ColorCell(Oklab Color, double Share);
