namespace ImageRepo.Domain.Colors;

/// <summary>What the colours of one picture are.</summary>
/// <param name="Palette">At most eight, or one for each flat area of a graphic; largest share first; empty when nothing is visible.</param>
/// <param name="Dominant">The names that matter, largest first.</param>
/// <param name="Accent">The most vivid one; null where all is gray.</param>
/// <param name="IsBlackAndWhite">Nothing but grays.</param>
public sealed record ColorSummary(IReadOnlyList<ImageColor> Palette, IReadOnlyList<NamedColor> Dominant, HexColor? Accent, bool IsBlackAndWhite)
{
    private const int MaxDominant = 4;
    private const double DominantShare = 0.1;

    // Chroma over lightness is the same whether a photo is exposed bright or dark, so a faint nebula in a black sky counts as coloured.
    private const double ColoredChroma = 0.02;
    private const double ColoredSaturation = 0.06;
    private const double TooDarkToTell = 0.12;
    private const double ColoredShare = 0.005;

    /// <summary>Reads the colours of a small copy of the picture; some 16,000 pixels are plenty.</summary>
    /// <param name="rgba">Four bytes a pixel, not premultiplied; transparent pixels are left out.</param>
    /// <param name="width">Pixels a row.</param>
    public static ColorSummary Of(ReadOnlySpan<byte> rgba, int width)
    {
        var cells = ColorHistogram.Of(rgba, width).Cells;
        var palette = Colors.Palette.Find(cells);
        var isBlackAndWhite = cells.Length > 0 && cells.Where(c => IsColored(c.Color)).Sum(c => c.Share) < ColoredShare;
        return new ColorSummary(
            [.. palette.Select(c => new ImageColor(c.Color.ToHex(), ColorNames.NameOf(c.Color), (float)c.Share))],
            DominantOf(cells), isBlackAndWhite ? null : AccentOf(palette), isBlackAndWhite);
    }

    private static bool IsColored(Oklab color) =>
        color.L >= TooDarkToTell && color.Chroma >= ColoredChroma && color.Chroma / color.L >= ColoredSaturation;

    private static IReadOnlyList<NamedColor> DominantOf(ColorCell[] cells)
    {
        // By every pixel and not by the palette, whose middles can have a name that few of their pixels have.
        var shares = cells.GroupBy(c => ColorNames.NameOf(c.Color))
            .Select(g => (Name: g.Key, Share: g.Sum(c => c.Share)))
            .OrderByDescending(s => s.Share).ThenBy(s => s.Name).ToList();
        return [.. shares.Where((s, i) => i == 0 || s.Share >= DominantShare).Take(MaxDominant).Select(s => s.Name)];
    }

    private static HexColor? AccentOf(IReadOnlyList<ColorCell> palette)
    {
        // A vivid spot beats a dull ground, but a speck does not beat a bright half.
        var vivid = palette.Where(c => c.Color.Chroma >= ColoredChroma).OrderByDescending(c => c.Color.Chroma * Math.Pow(c.Share, 0.25));
        return vivid.Any() ? vivid.First().Color.ToHex() : null;
    }
}
