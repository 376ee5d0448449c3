namespace ImageRepo.Infrastructure.Imaging;

/// <summary>
/// pHash: the signs of the 63 lowest frequencies of a picture's brightness against their median, so that scaling, recompression and a
/// change of brightness leave nearly all bits as they are. Compare by Hamming distance.
/// </summary>
internal static class PerceptualHash
{
    private const int Side = 32;
    private const int Frequencies = 8;

    private static readonly double[][] Cosines = [.. Enumerable.Range(0, Frequencies)
        .Select(f => Enumerable.Range(0, Side).Select(i => Math.Cos(Math.PI * f * (2 * i + 1) / (2.0 * Side))).ToArray())];

    /// <param name="rgba">Four bytes a pixel, row by row, not premultiplied; transparent parts are taken as white.</param>
    public static long Of(int width, int height, ReadOnlySpan<byte> rgba)
    {
        var brightness = Squash(width, height, rgba);
        var terms = new double[Frequencies * Frequencies];
        for (var v = 0; v < Frequencies; v++)
        {
            for (var u = 0; u < Frequencies; u++)
            {
                var sum = 0.0;
                for (var y = 0; y < Side; y++)
                {
                    for (var x = 0; x < Side; x++)
                    {
                        sum += brightness[y * Side + x] * Cosines[u][x] * Cosines[v][y];
                    }
                }
                terms[v * Frequencies + u] = sum;
            }
        }
        // The first is the mean brightness, which says nothing about the shapes.
        var sorted = terms[1..].Order().ToArray();
        var median = sorted[sorted.Length / 2];
        var hash = 0L;
        for (var i = 1; i < terms.Length; i++)
        {
            // Terms that are nothing but rounding, as in a flat picture, must not be noise in the hash.
            hash |= terms[i] - median > 0.01 ? 1L << i : 0;
        }
        return hash;
    }

    /// <summary>The mean brightness of each of 32 by 32 fields, whatever the aspect ratio; 0 to 255.</summary>
    private static double[] Squash(int width, int height, ReadOnlySpan<byte> rgba)
    {
        var fields = new double[Side * Side];
        for (var fy = 0; fy < Side; fy++)
        {
            var (top, bottom) = Range(fy, height);
            for (var fx = 0; fx < Side; fx++)
            {
                var (left, right) = Range(fx, width);
                var sum = 0.0;
                for (var y = top; y < bottom; y++)
                {
                    for (var x = left; x < right; x++)
                    {
                        var i = (y * width + x) * 4;
                        var luma = 0.299 * rgba[i] + 0.587 * rgba[i + 1] + 0.114 * rgba[i + 2];
                        var alpha = rgba[i + 3] / 255.0;
                        sum += luma * alpha + 255 * (1 - alpha);
                    }
                }
                fields[fy * Side + fx] = sum / ((bottom - top) * (right - left));
            }
        }
        return fields;
    }

    private static (int From, int To) Range(int field, int length)
    {
        var from = Math.Min(field * length / Side, length - 1);
        return (from, Math.Max((field + 1) * length / Side, from + 1));
    }
}
