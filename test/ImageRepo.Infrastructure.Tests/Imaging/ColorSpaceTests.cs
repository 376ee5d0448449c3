using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Pictures;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Tests.Imaging;

/// <summary>The palette is what a screen shows, whatever space the file's numbers are in and however the camera was held.</summary>
public sealed class ColorSpaceTests
{
    private const double Near = 0.03;

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg[Q=95]")]
    [InlineData(".tif")]
    public async Task Numbers_of_adobe_rgb_are_shown_as_srgb(string suffix)
    {
        // The primaries of sRGB as numbers of Adobe RGB (1998), and a third of the width each.
        using var stored = TestPictures.Stripes(900, 600, ("#DB0000", 1 / 3.0), ("#90FF3C", 1 / 3.0), ("#0000FA", 1 / 3.0));
        var profile = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Imaging", "compatibleWithAdobeRGB1998.icc"));
        using var tagged = stored.Mutate(m => m.Set(GValue.BlobType, "icc-profile-data", profile));

        var picture = await TestPictures.ReadAsync(TestPictures.Encode(tagged, suffix));
        var untagged = await TestPictures.ReadAsync(TestPictures.Encode(stored, suffix));

        AssertHas(picture, ("#FF0000", 1 / 3.0), ("#00FF00", 1 / 3.0), ("#0000FF", 1 / 3.0));
        Assert.DoesNotContain(untagged.Colors, c => Distance(c.Hex, "#00FF00") <= Near);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task The_palette_is_the_same_in_every_exif_orientation(int orientation)
    {
        using var upright = TestPictures.Stripes(700, 300, ("#008080", 0.75), ("#E07020", 0.25));
        using var held = TestPictures.Held(upright, orientation);

        var picture = await TestPictures.ReadAsync(TestPictures.Encode(held, ".jpg[Q=95]"));

        Assert.Equal((700, 300), (picture.Width, picture.Height));
        Assert.Equal(2, picture.Colors.Count(c => c.Share >= 0.02));
        AssertHas(picture, ("#008080", 0.75), ("#E07020", 0.25));
        using var shown = TestPictures.Open(picture.Renditions[^1]);
        TestPictures.AssertNear([0, 128, 128], TestPictures.At(shown, 0.1, 0.5));
        TestPictures.AssertNear([224, 112, 32], TestPictures.At(shown, 0.9, 0.5));
    }

    [Fact]
    public async Task The_inks_of_a_cmyk_jpeg_are_shown_as_srgb()
    {
        using var image = TestPictures.Stripes(800, 400, ("#A06060", 0.5), ("#607090", 0.5));

        var picture = await TestPictures.ReadAsync(TestPictures.Encode(image.IccTransform("cmyk", inputProfile: "srgb"), ".jpg[Q=95]"));

        AssertHas(picture, ("#A06060", 0.5), ("#607090", 0.5));
    }

    [Theory]
    [InlineData(Enums.Interpretation.Bw)]
    [InlineData(Enums.Interpretation.Grey16)]
    public async Task What_is_transparent_in_a_grey_picture_has_no_colour(Enums.Interpretation depth)
    {
        using var grey = TestPictures.Stripes(800, 400, ("#606060", 0.5), ("#F0F0F0", 0.5)).Colourspace(depth);
        double opaque = depth == Enums.Interpretation.Grey16 ? 65535 : 255;
        using var leftHalf = Image.Black(800, 400).Mutate(m => m.DrawRect([1], 0, 0, 400, 400, fill: true));
        using var seen = grey.Bandjoin((leftHalf * opaque).Cast(grey.Format)).Copy(interpretation: depth);

        var picture = await TestPictures.ReadAsync(TestPictures.Encode(seen, ".png"));

        Assert.True(picture.HasAlpha);
        Assert.True(picture.IsBlackAndWhite);
        var only = Assert.Single(picture.Colors, c => c.Share >= 0.02);
        Assert.InRange(Distance(only.Hex, "#606060"), 0, Near);
    }

    private static void AssertHas(Picture picture, params (string Hex, double Share)[] areas) =>
        Assert.All(areas, area => Assert.Contains(picture.Colors, c => Distance(c.Hex, area.Hex) <= Near && Math.Abs(c.Share - area.Share) <= 0.05));

    private static double Distance(HexColor one, string other) => Oklab.From(one).DistanceTo(Oklab.From(HexColor.Parse(other)));
}
