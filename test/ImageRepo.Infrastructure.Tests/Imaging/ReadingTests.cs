using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class ReadingTests
{
    private static readonly double[] Red = [200, 20, 20];
    private static readonly double[] Green = [20, 160, 20];
    private static readonly double[] Blue = [30, 30, 200];
    private static readonly double[] White = [240, 240, 240];

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Tiff)]
    public async Task Every_format_is_read_with_its_renditions_and_colours(ImageFormat format)
    {
        var picture = await TestPictures.ReadAsync(TestPictures.Of(format, 1200, 800));

        Assert.Equal((format, 1200, 800, 1, false), (picture.Format, picture.Width, picture.Height, picture.Frames, picture.HasAlpha));
        Assert.Equal([(320, 320, 213), (800, 800, 533), (1600, 1200, 800)], picture.Renditions.Select(r => (r.Size, r.Width, r.Height)));
        Assert.Equal([ImageFormat.WebP, ImageFormat.WebP, ImageFormat.Jpeg], picture.Renditions.Select(r => r.Format));
        Assert.All(picture.Renditions, r => AssertQuarters(r));
        Assert.Superset(new HashSet<NamedColor> { NamedColor.Red, NamedColor.Green, NamedColor.Blue }, picture.DominantColors.ToHashSet());
        Assert.InRange(picture.ThumbHash.Length, 5, 30);
        Assert.False(picture.IsBlackAndWhite);
    }

    [Fact]
    public async Task A_heic_is_read()
    {
        var heic = await TestPictures.ReadAsync(TestPictures.Photo("red-bowl.heic"));
        var jpeg = await TestPictures.ReadAsync(TestPictures.Photo("red-bowl.jpg"));

        Assert.Equal((ImageFormat.Heic, 600, 406, 1), (heic.Format, heic.Width, heic.Height, heic.Frames));
        Assert.Equal([320, 800], heic.Renditions.Select(r => r.Size));
        Assert.InRange(Distance(heic.PerceptualHash, jpeg.PerceptualHash), 0, 6);
        Assert.Equal(jpeg.DominantColors[0], heic.DominantColors[0]);
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
    public async Task Pictures_are_upright_in_every_exif_orientation(int orientation)
    {
        using var upright = TestPictures.Quarters(600, 400);
        using var tagged = TestPictures.Held(upright, orientation);

        foreach (var suffix in new[] { ".jpg[Q=90]", ".tif", ".webp[Q=90]", ".png" })
        {
            var picture = await TestPictures.ReadAsync(TestPictures.Encode(tagged, suffix));

            Assert.Equal((600, 400), (picture.Width, picture.Height));
            Assert.All(picture.Renditions, r => AssertQuarters(r));
        }
    }

    // Lines come in order, and few of those that came are kept: a filter that takes many at once must find its own.
    [Theory]
    [InlineData(4800, 4800, ".png")]
    [InlineData(4800, 4800, ".jpg[interlace]")]
    [InlineData(4800, 4800, ".tif[tile,tile-width=512,tile-height=512]")]
    [InlineData(1200, 12000, ".png")]
    [InlineData(1200, 12000, ".jpg")]
    [InlineData(1200, 12000, ".webp")]
    [InlineData(12000, 1200, ".png")]
    [InlineData(12000, 1200, ".tif")]
    public async Task Large_pictures_of_any_shape_are_whole(int width, int height, string suffix)
    {
        using var large = TestPictures.Quarters(width, height);
        var picture = await TestPictures.ReadAsync(TestPictures.Encode(large, suffix));

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.All(picture.Renditions, r => AssertQuarters(r));
    }

    [Theory]
    [InlineData(1, "320")]
    [InlineData(320, "320")]
    [InlineData(321, "320,800")]
    [InlineData(800, "320,800")]
    [InlineData(1000, "320,800,1600")]
    [InlineData(3000, "320,800,1600")]
    public async Task Sizes_are_made_up_to_the_first_that_holds_all_of_the_picture_and_never_enlarged(int side, string sizes)
    {
        using var plain = TestPictures.Plain(side, Math.Max(1, side / 2), "#336699");

        var picture = await TestPictures.ReadAsync(TestPictures.Encode(plain, ".png"));

        Assert.Equal(sizes, string.Join(',', picture.Renditions.Select(r => r.Size)));
        Assert.All(picture.Renditions, r => Assert.Equal(Math.Min(side, r.Size), Math.Max(r.Width, r.Height)));
        Assert.All(picture.Renditions, r => Assert.Equal((r.Width, r.Height), (TestPictures.Open(r).Width, TestPictures.Open(r).Height)));
    }

    [Fact]
    public async Task Extreme_aspect_ratios_are_read()
    {
        using var tall = TestPictures.Plain(1, 9_000, "#336699");

        var picture = await TestPictures.ReadAsync(TestPictures.Encode(tall, ".png"));

        Assert.Equal([(1, 320), (1, 800), (1, 1600)], picture.Renditions.Select(r => (r.Width, r.Height)));
    }

    [Fact]
    public async Task Alpha_is_kept_where_it_shows_and_dropped_where_it_hides_nothing()
    {
        using var disc = TestPictures.Plain(1000, 1000, "#00A0A0");
        using var hole = Image.Black(1000, 1000).Mutate(m => m.DrawCircle([255], 500, 500, 300, fill: true)).Invert();

        var see = await TestPictures.ReadAsync(TestPictures.Encode(disc.Bandjoin(hole), ".png"));
        var opaque = await TestPictures.ReadAsync(TestPictures.Encode(disc.Bandjoin(255), ".png"));

        Assert.True(see.HasAlpha);
        Assert.All(see.Renditions, r => Assert.Equal((ImageFormat.WebP, true), (r.Format, TestPictures.Open(r).HasAlpha())));
        Assert.Equal(NamedColor.Teal, Assert.Single(see.DominantColors));
        Assert.False(opaque.HasAlpha);
        Assert.Equal(ImageFormat.Jpeg, opaque.Renditions[^1].Format);
    }

    [Theory]
    [InlineData("rgb16")]
    [InlineData("gray")]
    [InlineData("gray16")]
    [InlineData("gray-alpha")]
    [InlineData("palette")]
    [InlineData("interlaced")]
    [InlineData("float-tiff")]
    [InlineData("tiled-tiff")]
    [InlineData("five-band-tiff")]
    [InlineData("lab-tiff")]
    [InlineData("progressive-jpeg")]
    [InlineData("gray-jpeg")]
    [InlineData("cmyk-jpeg")]
    [InlineData("display-p3")]
    [InlineData("broken-profile")]
    public async Task Every_kind_of_pixel_becomes_srgb(string kind)
    {
        using var image = TestPictures.Quarters(600, 400);
        using var gray = image.Colourspace(Enums.Interpretation.Bw);
        var file = kind switch
        {
            "rgb16" => TestPictures.Encode(image.Colourspace(Enums.Interpretation.Rgb16), ".png"),
            "gray" => TestPictures.Encode(gray, ".png"),
            "gray16" => TestPictures.Encode(image.Colourspace(Enums.Interpretation.Grey16), ".png"),
            "gray-alpha" => TestPictures.Encode(gray.Bandjoin(255), ".png"),
            "palette" => TestPictures.Encode(image, ".png[palette]"),
            "interlaced" => TestPictures.Encode(image, ".png[interlace]"),
            "float-tiff" => TestPictures.Encode(image.Colourspace(Enums.Interpretation.Scrgb), ".tif"),
            "tiled-tiff" => TestPictures.Encode(image, ".tif[tile,pyramid]"),
            "five-band-tiff" => TestPictures.Encode(image.Bandjoin([255, 7]).Copy(interpretation: Enums.Interpretation.Multiband), ".tif"),
            "lab-tiff" => TestPictures.Encode(image.Colourspace(Enums.Interpretation.Lab), ".tif"),
            "progressive-jpeg" => TestPictures.Encode(image, ".jpg[Q=90,interlace]"),
            "gray-jpeg" => TestPictures.Encode(gray, ".jpg[Q=90]"),
            "cmyk-jpeg" => TestPictures.Encode(image.IccTransform("cmyk", inputProfile: "srgb"), ".jpg[Q=95]"),
            "display-p3" => TestPictures.Encode(image.IccTransform("p3", inputProfile: "srgb"), ".jpg[Q=95]"),
            _ => TestPictures.Encode(image.Mutate(m => m.Set(GValue.BlobType, "icc-profile-data", new byte[300])), ".jpg[Q=90]"),
        };

        var picture = await TestPictures.ReadAsync(file);

        Assert.Equal((600, 400), (picture.Width, picture.Height));
        Assert.All(picture.Renditions, r =>
        {
            using var opened = TestPictures.Open(r);
            Assert.Equal((3, Enums.Interpretation.Srgb), (opened.Bands, opened.Interpretation));
            if (kind.StartsWith("gray", StringComparison.Ordinal))
            {
                Assert.All([Red, Green, Blue, White], _ => TestPictures.AssertNear(Enumerable.Repeat(TestPictures.At(opened, 0.25, 0.25)[0], 3).ToArray(), TestPictures.At(opened, 0.25, 0.25), 2));
                TestPictures.AssertNear(White, TestPictures.At(opened, 0.75, 0.75));
            }
            else
            {
                // CMYK can't show every colour of a screen.
                AssertQuarters(r, kind == "cmyk-jpeg" ? 75 : 16);
            }
        });
        var isGray = kind.StartsWith("gray", StringComparison.Ordinal);
        Assert.Equal(isGray, picture.IsBlackAndWhite);
        if (isGray)
        {
            Assert.All(picture.Colors, c => Assert.InRange(Oklab.From(c.Hex).Chroma, 0, 0.01));
        }
        else if (kind != "cmyk-jpeg")
        {
            Assert.All([Red, Green, Blue, White], seen =>
            {
                var color = Oklab.FromSrgb((byte)seen[0], (byte)seen[1], (byte)seen[2]);
                Assert.Contains(picture.Colors, c => Oklab.From(c.Hex).DistanceTo(color) <= 0.03 && Math.Abs(c.Share - 0.25) <= 0.05);
            });
        }
    }

    [Fact]
    public async Task Renditions_hold_no_metadata()
    {
        using var tagged = TestPictures.Quarters(900, 600).Mutate(m =>
        {
            m.Set(GValue.GStrType, "exif-ifd0-Make", "SecretCamera");
            m.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "1/1 2/1 3/1");
            m.Set(GValue.BlobType, "xmp-data", "<x:xmpmeta>secret</x:xmpmeta>"u8.ToArray());
            m.Set(GValue.BlobType, "iptc-data", "secret"u8.ToArray());
        });

        var picture = await TestPictures.ReadAsync(TestPictures.Encode(tagged.IccTransform("p3", inputProfile: "srgb"), ".jpg"));

        Assert.Equal("SecretCamera", picture.Exif?.Make);
        Assert.All(picture.Renditions, r => Assert.DoesNotContain(TestPictures.Open(r).GetFields(),
            f => f.StartsWith("exif", StringComparison.Ordinal) || f is "xmp-data" or "iptc-data" or "icc-profile-data" or "orientation"));
    }

    [Theory]
    [InlineData(".gif", false)]
    [InlineData(".gif", true)]
    [InlineData(".webp", false)]
    [InlineData(".webp", true)]
    public async Task Animations_keep_moving(string suffix, bool transparent)
    {
        var picture = await TestPictures.ReadAsync(TestPictures.Animation(suffix, 6, 500, 300, transparent));

        Assert.Equal((500, 300, 6, transparent), (picture.Width, picture.Height, picture.Frames, picture.HasAlpha));
        Assert.All(picture.Renditions, r =>
        {
            using var opened = TestPictures.Open(r);
            Assert.Equal(ImageFormat.WebP, r.Format);
            Assert.Equal((6, r.Height), ((int)opened.Get("n-pages"), opened.PageHeight));
            Assert.Equal(80, ((int[])opened.Get("delay"))[0]);
            // The bar of the last frame is on its right.
            var last = opened.Crop(0, opened.Height - r.Height, r.Width, r.Height);
            TestPictures.AssertNear(Red, TestPictures.At(last, 0.88, 0.5)[..3], 30);
        });
    }

    [Fact]
    public async Task The_pages_of_a_tiff_count_and_the_first_is_shown()
    {
        using var page = TestPictures.Quarters(300, 200);
        using var pages = Image.Arrayjoin([page, page, page], across: 1).Mutate(m => m.Set(GValue.GIntType, "page-height", 200));

        var picture = await TestPictures.ReadAsync(TestPictures.Encode(pages, ".tif"));

        Assert.Equal((300, 200, 3), (picture.Width, picture.Height, picture.Frames));
        AssertQuarters(Assert.Single(picture.Renditions));
    }

    [Theory]
    [InlineData(2400)]
    [InlineData(3400)]
    [InlineData(6600)]
    public async Task The_largest_rendition_is_as_sharp_as_a_full_decode(int width)
    {
        using var noise = Image.Gaussnoise(width, width / 2, sigma: 40, mean: 128, seed: 3).Cast(Enums.BandFormat.Uchar);
        var file = TestPictures.Encode(noise, ".jpg[Q=95]");
        using var full = Image.NewFromBuffer(file).ThumbnailImage(1600).Colourspace(Enums.Interpretation.Srgb);
        using var expected = Image.NewFromBuffer(full.JpegsaveBuffer(q: 80));

        var picture = await TestPictures.ReadAsync(file);

        using var actual = TestPictures.Open(picture.Renditions[^1]);
        Assert.InRange(Detail(actual) / Detail(expected), 0.97, 1.05);
    }

    private static double Detail(Image image)
    {
        using var edges = image.ExtractBand(1).Conv(Image.NewFromArray(new double[,] { { 0, -1, 0 }, { -1, 4, -1 }, { 0, -1, 0 } }));
        return edges.Deviate();
    }

    private static int Distance(long a, long b) => System.Numerics.BitOperations.PopCount((ulong)(a ^ b));

    private static void AssertQuarters(EncodedRendition rendition) => AssertQuarters(rendition, 14);

    private static void AssertQuarters(EncodedRendition rendition, double tolerance)
    {
        using var opened = TestPictures.Open(rendition);
        // A mean over a field, since the pixels are noisy.
        using var calm = opened.Gaussblur(4);
        TestPictures.AssertNear(Red, TestPictures.At(calm, 0.25, 0.25), tolerance);
        TestPictures.AssertNear(Green, TestPictures.At(calm, 0.75, 0.25), tolerance);
        TestPictures.AssertNear(Blue, TestPictures.At(calm, 0.25, 0.75), tolerance);
        TestPictures.AssertNear(White, TestPictures.At(calm, 0.75, 0.75), tolerance);
    }
}
