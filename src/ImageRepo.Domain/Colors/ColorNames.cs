namespace ImageRepo.Domain.Colors;

/// <summary>
/// Names colours by regions of OKLCh (lightness, chroma, hue angle), as drawn in docs/colors.md. The nearest prototype would not do:
/// it calls a hazy sky pink, since a pale pink lies nearer to it than a full blue.
/// </summary>
public static class ColorNames
{
    // Under this chroma the eye sees no hue; so it does in what is nearly black.
    private const double NeutralChroma = 0.04;
    private const double NearlyBlack = 0.15;
    private const double Black = 0.26;
    private const double White = 0.91;

    public static NamedColor NameOf(Oklab color) => color.Chroma < NeutralChroma || color.L < NearlyBlack
        ? NameOfNeutral(color.L)
        : NameOfHue(color.L, color.Chroma, color.Hue);

    private static NamedColor NameOfNeutral(double lightness) => lightness switch
    {
        < Black => NamedColor.Black,
        < White => NamedColor.Gray,
        _ => NamedColor.White,
    };

    private static NamedColor NameOfHue(double lightness, double chroma, double hue) => hue switch
    {
        < 15 => NameOfRose(lightness),
        < 34 => NameOfRed(lightness, chroma),
        < 82 => NameOfOrange(lightness, chroma),
        < 116 => NameOfYellow(lightness, hue),
        < 168 => NamedColor.Green,
        < 205 => NamedColor.Teal,
        < 283 => NamedColor.Blue,
        < 338 => NamedColor.Purple,
        _ => NameOfRose(lightness),
    };

    /// <summary>Between purple and red: pink, and wine red where it is dark.</summary>
    private static NamedColor NameOfRose(double lightness) => lightness < 0.5 ? NamedColor.Red : NamedColor.Pink;

    /// <summary>A light red is pink, a dull one brown.</summary>
    private static NamedColor NameOfRed(double lightness, double chroma) => (lightness, chroma) switch
    {
        ( >= 0.7, < 0.18) => NamedColor.Pink,
        (_, < 0.1) => NamedColor.Brown,
        _ => NamedColor.Red,
    };

    /// <summary>Brown is dark orange, or a dull one: wood, earth, sand. What glows is orange even where it is not light.</summary>
    private static NamedColor NameOfOrange(double lightness, double chroma) =>
        (lightness, chroma) is ( < 0.5, _) or ( < 0.66, < 0.165) or ( < 0.72, < 0.13) or ( < 0.86, < 0.1) ? NamedColor.Brown : NamedColor.Orange;

    /// <summary>A dark yellow is brown on the side of orange, olive green on the other.</summary>
    private static NamedColor NameOfYellow(double lightness, double hue) => (lightness, hue) switch
    {
        ( < 0.66, < 100) => NamedColor.Brown,
        ( < 0.72, >= 100) => NamedColor.Green,
        _ => NamedColor.Yellow,
    };
}
