using ImageRepo.Domain.Colors;

namespace ImageRepo.Domain.Tests.Colors;

public sealed class ColorSummaryTests
{
    private const int Side = 128;

    [Fact]
    public void Every_flat_area_of_five_percent_is_in_the_palette_with_its_share()
    {
        var random = new Random(42);
        for (var round = 0; round < 60; round++)
        {
            var areas = RandomAreas(random, count: 2 + round % 9);
            var palette = Summary(Areas(areas, noise: round % 3, random)).Palette;

            Assert.All(areas.Where(a => a.Share >= 0.05), area =>
            {
                var near = palette.Where(c => Oklab.From(c.Hex).DistanceTo(Oklab.From(area.Color)) <= 0.03).ToList();
                Assert.True(near.Count > 0, $"{area.Color} ({area.Share:P0}) is not among {string.Join(' ', palette)}");
                Assert.InRange(near.Sum(c => c.Share), area.Share - 0.05, area.Share + 0.05);
            });
            Assert.Equal(palette.OrderByDescending(c => c.Share), palette);
            Assert.InRange(palette.Sum(c => c.Share), 0.99, 1.01);
        }
    }

    [Fact]
    public void A_gradient_has_few_colours_that_are_unlike()
    {
        var summary = Summary(Pixels((x, y) => new HexColor((byte)(x * 2), (byte)(80 + y), (byte)(255 - x))));
        var colors = summary.Palette.Select(c => Oklab.From(c.Hex)).ToList();

        Assert.InRange(colors.Count, 4, 8);
        Assert.All(from a in colors from b in colors where a != b select a.DistanceTo(b), d => Assert.True(d > 0.035));
    }

    [Fact]
    public void A_small_vivid_accent_is_kept_and_is_the_accent()
    {
        var summary = Summary(Pixels((x, y) => x < 10 && y < 10
            ? new HexColor(230, 20, 40)
            : new HexColor((byte)(150 + (x + y) % 40), (byte)(150 + (x + y) % 40), (byte)(145 + (x + y) % 40))));

        Assert.Contains(summary.Palette, c => c is { Name: NamedColor.Red, Share: < 0.02f });
        Assert.Equal(new HexColor(230, 20, 40), summary.Accent);
        Assert.Equal([NamedColor.Gray], summary.Dominant);
        Assert.False(summary.IsBlackAndWhite);
    }

    [Fact]
    public void Transparent_pixels_do_not_count()
    {
        var rgba = Pixels((x, _) => x < 64 ? new HexColor(0, 128, 128) : new HexColor(255, 0, 0));
        for (var i = 0; i < rgba.Length; i += 4)
        {
            rgba[i + 3] = (byte)(i / 4 % Side < 64 ? 255 : 0);
        }

        var color = Assert.Single(Summary(rgba).Palette);

        Assert.Equal((new HexColor(0, 128, 128), NamedColor.Teal, 1f), (color.Hex, color.Name, color.Share));
    }

    [Fact]
    public void A_picture_that_shows_nothing_has_no_colours()
    {
        var summary = Summary(new byte[Side * Side * 4]);

        Assert.Empty(summary.Palette);
        Assert.Empty(summary.Dominant);
        Assert.Null(summary.Accent);
        Assert.False(summary.IsBlackAndWhite);
    }

    [Fact]
    public void Grays_are_black_and_white_whatever_their_grain_or_tint_of_paper()
    {
        var random = new Random(5);

        Assert.True(Summary(Pixels((x, y) => Gray(x * y % 256, random.Next(-2, 3)))).IsBlackAndWhite);
        Assert.True(Summary(Pixels((_, _) => new HexColor(0, 0, 0))).IsBlackAndWhite);
        Assert.True(Summary(Pixels((x, _) => x % 9 == 0 ? new HexColor(20, 20, 20) : new HexColor(250, 248, 245))).IsBlackAndWhite);
    }

    [Fact]
    public void A_deep_sky_is_not_black_and_white()
    {
        // Nearly all of it is black; a faint nebula covers 3 %, and some stars are bluish. Its mean chroma is that of a gray picture.
        var sky = Pixels((x, y) => (x, y) switch
        {
            ( > 40 and < 62, > 40 and < 64) => new HexColor(58, 22, 34),
            _ when x * 31 % 97 == y % 97 && y % 3 == 0 => new HexColor(190, 205, 255),
            _ => new HexColor(5, 5, 8),
        });

        Assert.False(Summary(sky).IsBlackAndWhite);
    }

    [Fact]
    public void Sepia_is_not_black_and_white() =>
        Assert.False(Summary(Pixels((x, _) => new HexColor((byte)(x + 100), (byte)(x + 80), (byte)(x + 50)))).IsBlackAndWhite);

    private static ColorSummary Summary(byte[] rgba) => ColorSummary.Of(rgba, Side);

    private static HexColor Gray(int value, int noise) =>
        new((byte)Math.Clamp(value + noise, 0, 255), (byte)Math.Clamp(value, 0, 255), (byte)Math.Clamp(value - noise, 0, 255));

    private static List<(HexColor Color, double Share)> RandomAreas(Random random, int count)
    {
        var colors = new List<HexColor>();
        while (colors.Count < count)
        {
            var color = new HexColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            // Colours that people would call the same one may share a place in the palette.
            if (colors.All(c => Oklab.From(c).DistanceTo(Oklab.From(color)) > 0.06))
            {
                colors.Add(color);
            }
        }
        var weights = colors.Select(_ => 0.2 + random.NextDouble()).ToList();
        return [.. colors.Zip(weights, (c, w) => (c, w / weights.Sum()))];
    }

    private static byte[] Areas(List<(HexColor Color, double Share)> areas, int noise, Random random) => Pixels((x, y) =>
    {
        var at = (y * Side + x) / (double)(Side * Side);
        var color = areas[^1].Color;
        foreach (var area in areas)
        {
            if (at < area.Share)
            {
                color = area.Color;
                break;
            }
            at -= area.Share;
        }
        byte Shake(byte v) => (byte)Math.Clamp(v + random.Next(-noise, noise + 1), 0, 255);
        return new HexColor(Shake(color.R), Shake(color.G), Shake(color.B));
    });

    private static byte[] Pixels(Func<int, int, HexColor> color)
    {
        var rgba = new byte[Side * Side * 4];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var c = color(x, y);
                (rgba[(y * Side + x) * 4], rgba[(y * Side + x) * 4 + 1], rgba[(y * Side + x) * 4 + 2], rgba[(y * Side + x) * 4 + 3]) = (c.R, c.G, c.B, 255);
            }
        }
        return rgba;
    }
}
