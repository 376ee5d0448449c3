using System.Globalization;

namespace ImageRepo.Domain.Colors;

/// <summary>An sRGB colour, written as in "#873B59".</summary>
public readonly record struct HexColor(byte R, byte G, byte B)
{
    /// <summary>Reads "#873B59", "873b59" or the short "#FFF".</summary>
    /// <exception cref="FormatException">The text is no hexadecimal colour.</exception>
    public static HexColor Parse(string value) => TryParse(value, out var color)
        ? color
        : throw new FormatException("A colour is written as # and six hexadecimal digits, for example #873B59.");

    public static bool TryParse(string? value, out HexColor color)
    {
        var digits = value?.StartsWith('#') == true ? value[1..] : value ?? "";
        if (digits.Length == 3)
        {
            digits = string.Concat(digits.SelectMany(d => new[] { d, d }));
        }
        var isHex = digits.Length == 6 && digits.All(char.IsAsciiHexDigit);
        var rgb = isHex ? int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 0;
        color = new HexColor((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return isHex;
    }

    public override string ToString() => $"#{R:X2}{G:X2}{B:X2}";
}
