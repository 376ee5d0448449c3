using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;

namespace ImageRepo.Domain.Tests.Images;

/// <summary>On a picture of 4000 x 3000 with stored sizes of 320, 800 (WebP) and 1600 (JPEG), unless said otherwise.</summary>
public sealed class RenditionOfferTests
{
    [Theory]
    [InlineData(null, null, "1600x1200")]
    [InlineData(1, 1, "160x120 160-webp")]
    [InlineData(100, 100, "160x120 160-webp")]
    [InlineData(160, 160, "160x120 160-webp")]
    [InlineData(319, 319, "160x120 160-webp")]
    [InlineData(320, null, "320x240")]
    [InlineData(null, 240, "320x240")]
    [InlineData(479, 479, "320x240")]
    [InlineData(480, 480, "480x360 480-webp")]
    [InlineData(800, 600, "800x600")]
    [InlineData(800, 599, "480x360 480-webp")]
    [InlineData(1200, 1200, "1200x900 1200-webp")]
    [InlineData(1600, 1600, "1600x1200")]
    [InlineData(2400, 2400, "2400x1800 2400-jpeg")]
    [InlineData(1_000_000_000, int.MaxValue, "2400x1800 2400-jpeg")]
    public void The_largest_within_the_bounds_or_the_smallest(int? width, int? height, string expected) =>
        Assert.Equal(expected, Told(Offer(Given.Uploaded(), width, height)));

    [Theory]
    [InlineData(400, 400, "400x400 480-1x1-webp", 400, 500)]
    [InlineData(100, 100, "160x160 160-1x1-webp", 4000, 3000)]
    [InlineData(500, 300, "480x270 480-16x9-webp", 4000, 3000)]
    [InlineData(300, 500, "270x480 480-9x16-webp", 4000, 3000)]
    [InlineData(640, 480, "480x360 480-4x3-webp", 4000, 3000)]
    [InlineData(1600, 1200, "1600x1200 1600-4x3-jpeg", 4000, 3000)]
    [InlineData(9999, 1, "160x90 160-16x9-webp", 4000, 3000)]
    [InlineData(int.MaxValue, int.MaxValue, "2400x2400 2400-1x1-jpeg", 4000, 3000)]
    public void A_box_is_covered_by_the_shape_that_is_most_like_it(int width, int height, string expected, int originalWidth, int originalHeight) =>
        Assert.Equal(expected, Told(Offer(Image(originalWidth, originalHeight), width, height, ImageFit.Cover)));

    [Theory]
    [InlineData(ImageFormat.WebP, 800, "800x600")]
    [InlineData(ImageFormat.Avif, 800, "800x600 800-avif")]
    [InlineData(ImageFormat.Jpeg, 1600, "1600x1200")]
    [InlineData(ImageFormat.WebP, 1600, "1600x1200 1600-webp")]
    [InlineData(ImageFormat.Png, null, "1600x1200 1600-png")]
    public void A_stored_size_is_not_made_again_in_its_own_format(ImageFormat format, int? width, string expected) =>
        Assert.Equal(expected, Told(Offer(Given.Uploaded(), width, null, format: format)));

    [Theory]
    [InlineData(1000, 500, 2400, "1000x500")]
    [InlineData(1000, 500, 1100, "1000x500")]
    [InlineData(1000, 500, 900, "800x400")]
    [InlineData(100, 50, 2400, "100x50")]
    [InlineData(1, 9000, 2400, "1x2400 2400-jpeg")]
    public void Nothing_is_enlarged_and_a_small_picture_is_kept_once(int width, int height, int asked, string expected) =>
        Assert.Equal(expected, Told(Offer(Image(width, height), asked, asked)));

    [Theory]
    [InlineData(0, null, ImageFit.Inside, "width is 0")]
    [InlineData(null, -1, ImageFit.Inside, "height is -1")]
    [InlineData(int.MinValue, 5, ImageFit.Cover, "width is -2147483648")]
    [InlineData(5, null, ImageFit.Cover, "both width and height")]
    [InlineData(null, null, ImageFit.Cover, "both width and height")]
    public void A_box_without_room_is_refused_in_words(int? width, int? height, ImageFit fit, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidRenditionException>(() => RenditionRequest.Create(width, height, fit, null)).Message);

    [Fact]
    public void There_are_so_many_copies_of_an_image_and_no_more()
    {
        var image = Image(5000, 5000);

        var keys = Enumerable.Range(1, 300).SelectMany(i => new[] { (i * 17, i * 11), (i * 11, i * 17), (i * 13, 3000) })
            .SelectMany(box => RenditionPlan.Formats.SelectMany(format => new[] { ImageFit.Inside, ImageFit.Cover }.Select(fit => Offer(image, box.Item1, box.Item2, fit, format).Key)))
            .ToHashSet();

        Assert.Equal(224, RenditionPlan.All.Count);
        Assert.InRange(keys.Count, 50, RenditionPlan.All.Count + image.Renditions.Count);
        Assert.All(keys, key => Assert.Equal(image.Id, key.Image));
    }

    [Fact]
    public void A_key_tells_how_it_is_made_and_the_keys_of_all_else_do_not()
    {
        var image = Image(5000, 5000);

        Assert.All(RenditionPlan.All, plan =>
        {
            var key = ObjectKey.Rendition(image.OwnerId, image.Id, plan);
            Assert.Equal((image.OwnerId, image.Id, plan), ObjectKey.Parse(key.Value).OnDemand);
        });
        Assert.Null(image.OriginalKey.OnDemand);
        Assert.All(image.Renditions, r => Assert.Null(image.KeyOf(r).OnDemand));
        Assert.Null(ObjectKey.Parse($"{ObjectKey.RenditionsOf(image.OwnerId, image.Id)}481-webp").OnDemand);
        Assert.Null(ObjectKey.Parse("renditions/a/b/480-webp").OnDemand);
    }

    private static OfferedRendition Offer(Image image, int? width, int? height, ImageFit fit = ImageFit.Inside, ImageFormat? format = null) =>
        image.Offer(RenditionRequest.Create(width, height, fit, format));

    private static string Told(OfferedRendition offer) =>
        $"{offer.Width}x{offer.Height}{(offer.IsOnDemand ? " " + offer.Key.Value.Split('/')[^1] : "")}";

    /// <summary>With the sizes that an upload stores of it.</summary>
    private static Image Image(int width, int height)
    {
        var longer = Math.Max(width, height);
        var stored = EncodedRendition.Sizes.Where((_, i) => i == 0 || EncodedRendition.Sizes[i - 1] < longer).Select(size =>
        {
            var cut = new RenditionPlan(size, null, ImageFormat.WebP).CutOf(width, height);
            return new EncodedRendition(size, cut.Width, cut.Height, size == 1600 ? ImageFormat.Jpeg : ImageFormat.WebP, [1]);
        });
        return Domain.Images.Image.Upload(Given.Staged(), Given.Picture(width, height) with { Renditions = [.. stored] }, UploadDetails.Parse(null, null, [], Given.Limits), Given.Limits, Given.Noon);
    }
}
