using ImageRepo.Domain.Colors;

namespace ImageRepo.Domain.Tests.Colors;

public sealed class ColorNamesTests
{
    [Theory]
    [InlineData(NamedColor.Black, "#000000 #0A0A0A #111111 #1A1A1A")]
    [InlineData(NamedColor.White, "#FFFFFF #FFFAFA #F5F5F5 #F8F8FF")]
    [InlineData(NamedColor.Gray, "#808080 #A9A9A9 #C0C0C0 #696969 #708090")]
    [InlineData(NamedColor.Red, "#FF0000 #DC143C #B22222 #8B0000 #CC0000 #E34234")]
    [InlineData(NamedColor.Pink, "#FFC0CB #FFB6C1 #FF69B4 #FF1493 #F08080 #DB7093")]
    [InlineData(NamedColor.Orange, "#FFA500 #FF8C00 #FF7F50 #FF7518 #E67E22 #DB441E")]
    [InlineData(NamedColor.Brown, "#8B4513 #A0522D #654321 #5C4033 #7B3F00 #CD853F #D2B48C")]
    [InlineData(NamedColor.Yellow, "#FFFF00 #FFD700 #F0E68C #FFEB3B #FDFD96")]
    [InlineData(NamedColor.Green, "#008000 #00FF00 #228B22 #98FB98 #90EE90 #8FBC8F #C1E1C1 #2E8B57 #9ACD32 #556B2F")]
    [InlineData(NamedColor.Teal, "#008080 #20B2AA #2F8F8B #40E0D0 #5F9EA0 #008B8B")]
    [InlineData(NamedColor.Blue, "#0000FF #87CEEB #6CA0DC #4682B4 #000080 #1E90FF #ADD8E6 #6495ED #191970 #00BFFF #B0C4DE")]
    [InlineData(NamedColor.Purple, "#800080 #4B0082 #8A2BE2 #9370DB #BA55D3 #663399 #DDA0DD")]
    public void Colours_have_the_names_that_people_agree_on(NamedColor name, string hexes) =>
        Assert.All(hexes.Split(' '), hex => Assert.Equal((hex, name), (hex, ColorNames.NameOf(Oklab.From(HexColor.Parse(hex))))));

    [Fact]
    public void Every_colour_of_a_screen_has_a_name()
    {
        var names = from r in Levels from g in Levels from b in Levels select ColorNames.NameOf(Oklab.FromSrgb(r, g, b));

        Assert.Equal(Enum.GetValues<NamedColor>(), names.Distinct().Order());
    }

    private static IEnumerable<byte> Levels => Enumerable.Range(0, 18).Select(i => (byte)(i * 15));
}
