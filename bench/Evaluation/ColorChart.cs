using ImageRepo.Domain.Colors;
using NetVips;

namespace ImageRepo.Evaluation;

/// <summary>A picture of areas whose colours and shares are known, as a PNG or a JPEG.</summary>
/// <param name="Areas">The colours with the shares of all pixels that they cover before anything blurs them.</param>
internal sealed record ColorChart(string Name, IReadOnlyList<(HexColor Color, double Share)> Areas, byte[] Encoded);

/// <summary>Makes charts of every kind from a seed: flat, noisy, blurred, with gradients between the areas, near colours, small accents, transparency, JPEG.</summary>
internal sealed class ColorCharts(int seed)
{
    private const int Width = 480;
    private const int Height = 320;

    // Nearer than this, people call two colours the same one.
    private const double Distinct = 0.06;
    private const double Near = 0.045;

    private static readonly string[] Kinds = ["flat", "noise", "strong noise", "gradients", "near", "near noise", "scattered", "transparent", "jpeg", "blurred"];

    private readonly Random _random = new(seed);

    public IEnumerable<ColorChart> Take(int count) => Enumerable.Range(0, count).Select(i => Make(Kinds[i % Kinds.Length], areas: 2 + i / Kinds.Length % 7));

    private ColorChart Make(string kind, int areas)
    {
        var colors = Colors(areas, kind.StartsWith("near", StringComparison.Ordinal));
        var weights = colors.Select(_ => 0.15 + _random.NextDouble()).ToList();
        var owner = Layout(weights, isScattered: kind == "scattered");
        var ramp = kind == "gradients" ? 12 : 0;
        var noise = kind switch { "noise" or "near noise" => 6, "strong noise" => 20, _ => 0 };
        var rgba = Paint(colors, owner, ramp, noise, isHoled: kind == "transparent");
        var shares = colors.Select((c, i) => (c, (double)owner.Count(o => o == i) / owner.Length)).ToList();
        return new ColorChart($"{kind} of {areas}", shares, Encode(rgba, kind));
    }

    private List<HexColor> Colors(int count, bool areNear)
    {
        var colors = new List<HexColor>();
        while (colors.Count < count)
        {
            var color = new HexColor((byte)_random.Next(256), (byte)_random.Next(256), (byte)_random.Next(256));
            var nearest = colors.Count == 0 ? Distinct : colors.Min(c => Oklab.From(c).DistanceTo(Oklab.From(color)));
            // Of near ones, every second is a neighbour of one before it.
            if (areNear && colors.Count % 2 == 1 ? nearest is >= Near and < Distinct : nearest >= Distinct)
            {
                colors.Add(color);
            }
        }
        return colors;
    }

    /// <summary>Which area each pixel belongs to: upright bands, or the same shares thrown about in blocks.</summary>
    private int[] Layout(List<double> weights, bool isScattered)
    {
        var total = weights.Sum();
        const int block = 16;
        var order = Enumerable.Range(0, isScattered ? Width / block * (Height / block) : Width).ToArray();
        if (isScattered)
        {
            _random.Shuffle(order);
        }
        var ends = weights.Select((_, i) => weights.Take(i + 1).Sum() / total * order.Length).ToList();
        int AreaAt(int place) => Math.Min(ends.FindIndex(e => place < e) is var i and >= 0 ? i : weights.Count - 1, weights.Count - 1);
        var area = order.Select(AreaAt).ToArray();
        var owner = new int[Width * Height];
        for (var i = 0; i < owner.Length; i++)
        {
            owner[i] = area[isScattered ? i / Width / block * (Width / block) + i % Width / block : i % Width];
        }
        return owner;
    }

    private byte[] Paint(List<HexColor> colors, int[] owner, int ramp, int noise, bool isHoled)
    {
        var rgba = new byte[Width * Height * 4];
        for (var i = 0; i < owner.Length; i++)
        {
            var (x, row) = (i % Width, i - i % Width);
            // Halfway on both sides of a border the colours run into each other.
            var (left, right) = (owner[row + Math.Max(0, x - ramp / 2)], owner[row + Math.Min(Width - 1, x + ramp / 2)]);
            var way = left == right ? 0 : Enumerable.Range(x - ramp / 2, ramp).Count(n => n >= 0 && n < Width && owner[row + n] == right) / (double)ramp;
            var (a, b) = (colors[left == right ? owner[i] : left], colors[right]);
            // A corner of arbitrary pixels that nobody sees.
            var isHole = isHoled && i < owner.Length / 5;
            rgba[i * 4] = isHole ? (byte)_random.Next(256) : Shaken(a.R + (b.R - a.R) * way, noise);
            rgba[i * 4 + 1] = isHole ? (byte)_random.Next(256) : Shaken(a.G + (b.G - a.G) * way, noise);
            rgba[i * 4 + 2] = isHole ? (byte)_random.Next(256) : Shaken(a.B + (b.B - a.B) * way, noise);
            rgba[i * 4 + 3] = isHole ? (byte)0 : (byte)255;
        }
        return rgba;
    }

    private byte Shaken(double value, int noise)
    {
        // The sum of three even distributions is nearly a normal one.
        var shake = noise == 0 ? 0 : (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5) * 2 * noise;
        return (byte)Math.Clamp(Math.Round(value + shake), 0, 255);
    }

    private static byte[] Encode(byte[] rgba, string kind)
    {
        using var image = Image.NewFromMemory(rgba, Width, Height, 4, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        if (kind == "transparent")
        {
            return image.PngsaveBuffer(compression: 1);
        }
        using var opaque = image.ExtractBand(0, n: 3);
        using var blurred = kind == "blurred" ? opaque.Gaussblur(2) : opaque.Copy();
        return kind == "jpeg" ? blurred.JpegsaveBuffer(q: 85) : blurred.PngsaveBuffer(compression: 1);
    }
}
