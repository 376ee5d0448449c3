using ImageRepo.Infrastructure.Imaging;
using NetVips;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class StoredSizesTests
{
    /// <summary>Some of these lie between two heights when they are reduced: which it is depends on how the factor is reckoned.</summary>
    [Theory]
    [InlineData(1600, 1067)]
    [InlineData(896, 686)]
    [InlineData(546, 896)]
    [InlineData(1088, 663)]
    [InlineData(1599, 3)]
    public void A_size_is_the_thumbnail_of_the_next_larger_one(int width, int height)
    {
        Vips.EnsureReady();
        using var noise = Image.Gaussnoise(width, height, sigma: 60, mean: 128);
        using var colors = noise.Bandjoin(noise.Linear([1.0], [40.0]), noise.Linear([-1.0], [255.0]));
        using var bytes = colors.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using var picture = bytes.CopyMemory();
        using var medium = Thumbnail(picture, 800);
        using var expected = Thumbnail(medium, 320);

        var sizes = Renditions.Encode(picture, isAnimated: false, out var small, default);

        using (small)
        {
            Assert.Equal([(expected.Width, expected.Height), (medium.Width, medium.Height), (width, height)], sizes.Select(s => (s.Width, s.Height)));
            Assert.Equal(expected.WriteToMemory<byte>(), small.WriteToMemory<byte>());
        }
    }

    private static Image Thumbnail(Image picture, int side)
    {
        using var thumbnail = picture.ThumbnailImage(side, height: side, size: Enums.Size.Down, noRotate: true);
        return thumbnail.CopyMemory();
    }
}
