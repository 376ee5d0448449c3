namespace ImageRepo.Domain.Colors;

/// <summary>
/// A colour in OKLab, where the Euclidean distance is close to what the eye sees. L is 0 to 1; a and b are about -0.4 to 0.4.
/// Matrices from https://bottosson.github.io/posts/oklab/.
/// </summary>
public readonly record struct Oklab(double L, double A, double B)
{
    public double Chroma => Math.Sqrt(A * A + B * B);

    /// <summary>The hue angle in degrees, 0 to 360.</summary>
    public double Hue
    {
        get
        {
            var degrees = Math.Atan2(B, A) * 180 / Math.PI;
            return degrees < 0 ? degrees + 360 : degrees;
        }
    }

    public double DistanceTo(Oklab other) => Math.Sqrt(SquaredDistanceTo(other));

    /// <summary>For comparing: a root for each of some 200,000 pairs would take longer than all the rest of a palette.</summary>
    internal double SquaredDistanceTo(Oklab other) =>
        (L - other.L) * (L - other.L) + (A - other.A) * (A - other.A) + (B - other.B) * (B - other.B);

    /// <summary>How far on the way from one colour to another this one lies: 0 at the first, 1 at the second.</summary>
    internal double WayBetween(Oklab from, Oklab to)
    {
        var length = from.SquaredDistanceTo(to);
        return length <= 0 ? 0.5 : Math.Clamp(((L - from.L) * (to.L - from.L) + (A - from.A) * (to.A - from.A) + (B - from.B) * (to.B - from.B)) / length, 0, 1);
    }

    public static Oklab From(HexColor color) => FromSrgb(color.R, color.G, color.B);

    public static Oklab FromSrgb(byte red, byte green, byte blue)
    {
        double r = Linear[red], g = Linear[green], b = Linear[blue];
        var l = Math.Cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        var m = Math.Cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        var s = Math.Cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return new Oklab(
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
    }

    /// <summary>As <see cref="FromSrgb"/> to a few parts in a million, in a fraction of its time: for every pixel of a picture.</summary>
    internal static Oklab Estimate(byte red, byte green, byte blue)
    {
        float r = LinearSingle[red], g = LinearSingle[green], b = LinearSingle[blue];
        var l = RoughCbrt(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
        var m = RoughCbrt(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
        var s = RoughCbrt(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
        return new Oklab(
            0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s,
            1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s,
            0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s);
    }

    /// <summary>The nearest sRGB colour, each channel clipped to its range.</summary>
    public HexColor ToHex()
    {
        var l = Cube(L + 0.3963377774 * A + 0.2158037573 * B);
        var m = Cube(L - 0.1055613458 * A - 0.0638541728 * B);
        var s = Cube(L - 0.0894841775 * A - 1.2914855480 * B);
        return new HexColor(
            Encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            Encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            Encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    private static readonly double[] Linear = [.. Enumerable.Range(0, 256).Select(v => v / 255.0)
        .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];

    private static readonly float[] LinearSingle = [.. Linear.Select(v => (float)v)];

    /// <summary>A third of the exponent as a first guess, and Halley's step twice.</summary>
    private static float RoughCbrt(float value)
    {
        if (value <= 0)
        {
            return 0;
        }
        var guess = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) / 3 + 0x2A514067);
        var cube = guess * guess * guess;
        guess *= (cube + 2 * value) / (2 * cube + value);
        cube = guess * guess * guess;
        return guess * (cube + 2 * value) / (2 * cube + value);
    }

    private static double Cube(double v) => v * v * v;

    private static byte Encode(double linear)
    {
        var c = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - 0.055;
        return (byte)Math.Clamp(Math.Round(c * 255), 0, 255);
    }
}
