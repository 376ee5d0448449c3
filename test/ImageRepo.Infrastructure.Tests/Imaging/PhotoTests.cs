using ImageRepo.Domain.Colors;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class PhotoTests
{
    [Theory]
    [InlineData("teal-brook.jpg", NamedColor.Teal)]
    [InlineData("blue-sky.jpg", NamedColor.Blue)]
    [InlineData("giraffe-zebra.jpg", NamedColor.Green)]
    [InlineData("red-bowl.jpg", NamedColor.Red)]
    [InlineData("milky-way.jpg", NamedColor.Purple)]
    [InlineData("person-dog-horse.jpg", NamedColor.Brown)]
    public async Task Photos_have_the_colours_that_people_see(string name, NamedColor color)
    {
        var picture = await TestPictures.ReadAsync(TestPictures.Photo(name));

        Assert.Contains(color, picture.DominantColors);
        Assert.False(picture.IsBlackAndWhite);
        Assert.NotNull(picture.AccentColor);
    }

    [Theory]
    [InlineData("two-dogs-portrait.jpg")]
    [InlineData("wine-portrait.jpg")]
    public async Task A_portrait_stays_upright(string name)
    {
        var picture = await TestPictures.ReadAsync(TestPictures.Photo(name));

        Assert.True(picture.Height > picture.Width);
        Assert.All(picture.Renditions, r => Assert.Equal(r.Size, r.Height));
    }

    [Fact]
    public async Task Palettes_of_photos_are_few_unlike_colours_that_add_up()
    {
        foreach (var name in TestPictures.PhotoNames)
        {
            var palette = (await TestPictures.ReadAsync(TestPictures.Photo(name))).Colors;

            Assert.InRange(palette.Count, 3, 12);
            Assert.InRange(palette.Sum(c => c.Share), 0.99, 1.01);
            Assert.Equal(palette.Count, palette.Select(c => c.Hex).Distinct().Count());
        }
    }
}
