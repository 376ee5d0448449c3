using System.Numerics.Tensors;

namespace ImageRepo.Infrastructure.Imaging;

/// <summary>
/// A placeholder of some 25 bytes with the picture's coarse shapes, average colour, aspect ratio and alpha.
/// The algorithm is https://evanw.github.io/thumbhash/; npm's <c>thumbhash</c> 0.1.1 gives the same bytes for the same pixels.
/// </summary>
internal static class ThumbHash
{
    /// <summary>A larger picture would take longer to hash and give the same hash.</summary>
    public const int MaxSide = 100;

    /// <param name="rgba">Four bytes a pixel, row by row, not premultiplied.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> rgba)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        var count = width * height;

        double averageR = 0, averageG = 0, averageB = 0, averageA = 0;
        for (var i = 0; i < count; i++)
        {
            var alpha = rgba[i * 4 + 3] / 255.0;
            averageR += alpha / 255 * rgba[i * 4];
            averageG += alpha / 255 * rgba[i * 4 + 1];
            averageB += alpha / 255 * rgba[i * 4 + 2];
            averageA += alpha;
        }
        if (averageA > 0)
        {
            averageR /= averageA;
            averageG /= averageA;
            averageB /= averageA;
        }

        var hasAlpha = averageA < count;
        var longer = Math.Max(width, height);
        var luminanceLimit = hasAlpha ? 5 : 7;
        var lx = Math.Max(1, Round(luminanceLimit * width / (double)longer));
        var ly = Math.Max(1, Round(luminanceLimit * height / (double)longer));

        // Luminance, yellow to blue, red to green and alpha, laid on the average colour.
        double[] l = new double[count], p = new double[count], q = new double[count], a = new double[count];
        for (var i = 0; i < count; i++)
        {
            var alpha = rgba[i * 4 + 3] / 255.0;
            var r = averageR * (1 - alpha) + alpha / 255 * rgba[i * 4];
            var g = averageG * (1 - alpha) + alpha / 255 * rgba[i * 4 + 1];
            var b = averageB * (1 - alpha) + alpha / 255 * rgba[i * 4 + 2];
            l[i] = (r + g + b) / 3;
            p[i] = (r + g) / 2 - b;
            q[i] = r - g;
            a[i] = alpha;
        }

        var luminance = Channel.Encode(l, width, height, Math.Max(3, lx), Math.Max(3, ly));
        var yellowBlue = Channel.Encode(p, width, height, 3, 3);
        var redGreen = Channel.Encode(q, width, height, 3, 3);
        var channels = new List<Channel> { luminance, yellowBlue, redGreen };

        var isLandscape = width > height;
        var header24 = Round(63 * luminance.Dc) | Round(31.5 + 31.5 * yellowBlue.Dc) << 6 | Round(31.5 + 31.5 * redGreen.Dc) << 12
            | Round(31 * luminance.Scale) << 18 | (hasAlpha ? 1 << 23 : 0);
        var header16 = (isLandscape ? ly : lx) | Round(63 * yellowBlue.Scale) << 3 | Round(63 * redGreen.Scale) << 9 | (isLandscape ? 1 << 15 : 0);
        var hash = new List<byte> { (byte)header24, (byte)(header24 >> 8), (byte)(header24 >> 16), (byte)header16, (byte)(header16 >> 8) };
        if (hasAlpha)
        {
            var opacity = Channel.Encode(a, width, height, 5, 5);
            channels.Add(opacity);
            hash.Add((byte)(Round(15 * opacity.Dc) | Round(15 * opacity.Scale) << 4));
        }

        // Two factors a byte, the first in the low half.
        var factors = channels.SelectMany(c => c.Ac).Select(f => Round(15 * f)).ToArray();
        hash.AddRange(factors.Chunk(2).Select(pair => (byte)(pair[0] | (pair.Length > 1 ? pair[1] << 4 : 0))));
        return [.. hash];
    }

    /// <summary>As JavaScript rounds: a half goes up.</summary>
    private static int Round(double value) => (int)Math.Floor(value + 0.5);

    /// <summary>A channel's cosine transform: the constant, and the varying terms scaled to 0..1.</summary>
    private sealed record Channel(double Dc, double[] Ac, double Scale)
    {
        public static Channel Encode(double[] channel, int width, int height, int nx, int ny)
        {
            var fx = Cosines(nx, width);
            var fy = Cosines(ny, height);
            var dc = 0.0;
            var scale = 0.0;
            var ac = new List<double>();
            var lines = Lines(channel, width, height, fx);
            for (var cy = 0; cy < ny; cy++)
            {
                for (var cx = 0; cx * ny < nx * (ny - cy); cx++)
                {
                    var f = 0.0;
                    for (var y = 0; y < height; y++)
                    {
                        f += lines[cx][y] * fy[cy][y];
                    }
                    f /= width * height;
                    if (cx > 0 || cy > 0)
                    {
                        ac.Add(f);
                        scale = Math.Max(scale, Math.Abs(f));
                    }
                    else
                    {
                        dc = f;
                    }
                }
            }
            return new Channel(dc, [.. ac.Select(f => scale > 0 ? 0.5 + 0.5 / scale * f : f)], scale);
        }

        /// <summary>Each line's part of each term, so that a term takes a sum over the lines and not over all pixels.</summary>
        private static double[][] Lines(double[] channel, int width, int height, double[][] cosines) => [.. cosines.Select(wave => Enumerable.Range(0, height)
            .Select(y => TensorPrimitives.Dot(channel.AsSpan(y * width, width), wave)).ToArray())];

        private static double[][] Cosines(int terms, int length) => [.. Enumerable.Range(0, terms)
            .Select(c => Enumerable.Range(0, length).Select(i => Math.Cos(Math.PI / length * c * (i + 0.5))).ToArray())];
    }
}
