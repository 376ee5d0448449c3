using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using NetVips;
using Image = NetVips.Image;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class RenderTests
{
    private static readonly double[] Red = [200, 20, 20];

    [Theory]
    [InlineData(3001, 1999)]
    [InlineData(1333, 2777)]
    [InlineData(250, 170)]
    [InlineData(1, 3000)]
    public async Task A_copy_has_the_size_that_was_announced_to_the_pixel(int width, int height)
    {
        using var plain = TestPictures.Plain(width, height, "#336699");
        var file = TestPictures.Encode(plain, ".jpg");

        foreach (var plan in RenditionPlan.All.Where(p => p.Format == ImageFormat.Jpeg))
        {
            var rendition = await RenderAsync(file, plan);

            var cut = plan.CutOf(width, height);
            using var opened = TestPictures.Open(rendition);
            Assert.Equal((cut.Width, cut.Height, cut.Width, cut.Height), (rendition.Width, rendition.Height, opened.Width, opened.Height));
            Assert.True(cut.Width <= width && cut.Height <= height && Math.Max(cut.Width, cut.Height) <= plan.Size);
        }
    }

    [Theory]
    [InlineData(ImageFormat.WebP, "webpload_buffer")]
    [InlineData(ImageFormat.Avif, "heifload_buffer")]
    [InlineData(ImageFormat.Jpeg, "jpegload_buffer")]
    [InlineData(ImageFormat.Png, "pngload_buffer")]
    public async Task It_is_encoded_as_asked_from_every_original(ImageFormat format, string loader)
    {
        foreach (var original in Enum.GetValues<ImageFormat>())
        {
            var rendition = await RenderAsync(TestPictures.Of(original), new RenditionPlan(320, null, format));

            using var opened = TestPictures.Open(rendition);
            Assert.Equal((format, 320, loader), (rendition.Format, opened.Width, (string)opened.Get("vips-loader")));
            if (original != ImageFormat.Heic)
            {
                TestPictures.AssertNear(Red, Calm(opened, 0.25, 0.25), 16);
            }
        }
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
    public async Task It_is_upright_in_every_exif_orientation_and_cut_from_the_middle(int orientation)
    {
        // Stripes of a quarter, a half and a quarter of the width: of a square from the middle of 2:1, half of each side stripe is cut off.
        using var upright = TestPictures.Stripes(1200, 600, ("#C81414", 0.375), ("#14A014", 0.25), ("#1E1EC8", 0.375));
        using var tagged = TestPictures.Held(upright, orientation);

        using var whole = TestPictures.Open(await RenderAsync(TestPictures.Encode(tagged, ".jpg[Q=95]"), new RenditionPlan(480, null, ImageFormat.Png)));
        using var square = TestPictures.Open(await RenderAsync(TestPictures.Encode(tagged, ".jpg[Q=95]"), new RenditionPlan(320, new AspectRatio(1, 1), ImageFormat.Png)));

        Assert.Equal((480, 240), (whole.Width, whole.Height));
        TestPictures.AssertNear(Red, TestPictures.At(whole, 0.05, 0.5));
        TestPictures.AssertNear([30, 30, 200], TestPictures.At(whole, 0.95, 0.5));
        Assert.Equal((320, 320), (square.Width, square.Height));
        // A quarter of the square's width each, and the green half between them.
        TestPictures.AssertNear(Red, TestPictures.At(square, 0.2, 0.5));
        TestPictures.AssertNear([20, 160, 20], TestPictures.At(square, 0.3, 0.5));
        TestPictures.AssertNear([20, 160, 20], TestPictures.At(square, 0.7, 0.5));
        TestPictures.AssertNear([30, 30, 200], TestPictures.At(square, 0.8, 0.5));
    }

    [Theory]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    public async Task It_is_srgb_and_holds_no_place_no_camera_and_no_profile(ImageFormat format)
    {
        using var tagged = TestPictures.Quarters(900, 600).Mutate(m =>
        {
            m.Set(GValue.GStrType, "exif-ifd0-Make", "SecretCamera");
            m.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "1/1 2/1 3/1");
            m.Set(GValue.BlobType, "xmp-data", "<x:xmpmeta>secret</x:xmpmeta>"u8.ToArray());
        });
        using var wide = tagged.IccTransform("p3", inputProfile: "srgb");

        var rendition = await RenderAsync(TestPictures.Encode(wide, ".jpg[Q=95]"), new RenditionPlan(480, null, format));

        using var opened = TestPictures.Open(rendition);
        Assert.DoesNotContain(opened.GetFields(), f => f.StartsWith("exif", StringComparison.Ordinal) || f is "xmp-data" or "icc-profile-data");
        Assert.DoesNotContain("SecretCamera", System.Text.Encoding.Latin1.GetString(rendition.Content), StringComparison.Ordinal);
        TestPictures.AssertNear(Red, Calm(opened, 0.25, 0.25), 16);
    }

    [Theory]
    [InlineData(".gif", true)]
    [InlineData(".webp", true)]
    [InlineData(".gif", false)]
    public async Task Animations_keep_moving_in_webp_whole_and_cut(string suffix, bool isCut)
    {
        var file = TestPictures.Animation(suffix, 6, 500, 300);
        AspectRatio? crop = isCut ? new AspectRatio(4, 3) : null;

        var moving = await RenderAsync(file, new RenditionPlan(320, crop, ImageFormat.WebP));
        var still = await RenderAsync(file, new RenditionPlan(320, crop, ImageFormat.Avif));

        using var opened = TestPictures.Open(moving);
        Assert.Equal((320, isCut ? 240 : 192, 6, moving.Height), (moving.Width, moving.Height, (int)opened.Get("n-pages"), opened.PageHeight));
        Assert.Equal(80, ((int[])opened.Get("delay"))[0]);
        using var first = TestPictures.Open(still);
        Assert.Equal((moving.Width, moving.Height), (first.Width, first.Height));
        Assert.False(first.Contains("n-pages") && (int)first.Get("n-pages") > 1);
        // The bar begins at the left edge, which a cut to 4:3 takes away, and ends near the right one.
        using var last = opened.Crop(0, opened.Height - moving.Height, moving.Width, moving.Height);
        TestPictures.AssertNear(Red, TestPictures.At(last, isCut ? 0.93 : 0.88, 0.5)[..3], 30);
        if (!isCut)
        {
            TestPictures.AssertNear(Red, TestPictures.At(first, 0.05, 0.5)[..3], 30);
        }
    }

    [Fact]
    public async Task Transparent_parts_stay_so_but_in_jpeg_where_they_are_white()
    {
        using var ground = TestPictures.Plain(400, 400, "#00A0A0");
        using var alpha = Image.Black(400, 400);
        var file = TestPictures.Encode(ground.Bandjoin(alpha.Cast(Enums.BandFormat.Uchar)), ".png");

        foreach (var plan in RenditionPlan.Formats.Select(f => new RenditionPlan(160, null, f)))
        {
            using var opened = TestPictures.Open(await RenderAsync(file, plan));
            Assert.Equal(plan.Format != ImageFormat.Jpeg, opened.HasAlpha());
            if (plan.Format == ImageFormat.Jpeg)
            {
                TestPictures.AssertNear([255, 255, 255], TestPictures.At(opened, 0.5, 0.5), 3);
            }
        }
    }

    [Fact]
    public async Task A_limit_that_was_lowered_since_the_upload_holds()
    {
        var file = TestPictures.Of(ImageFormat.Jpeg, 1000, 800);
        var reader = TestPictures.Reader(new ImageLimits { Pixels = 500_000 });

        await Assert.ThrowsAsync<ImageDimensionsTooLargeException>(() => reader.RenderAsync(new MemoryStream(file), ImageFormat.Jpeg, new RenditionPlan(160, null, ImageFormat.WebP), default));
    }

    private static Task<EncodedRendition> RenderAsync(byte[] file, RenditionPlan plan)
    {
        var reader = TestPictures.Reader();
        return reader.RenderAsync(new MemoryStream(file), reader.Identify(file.AsSpan(0, Math.Min(file.Length, reader.HeadLength))), plan, CancellationToken.None);
    }

    private static double[] Calm(Image image, double x, double y)
    {
        using var calm = image.Gaussblur(4);
        return TestPictures.At(calm, x, y)[..3];
    }
}
