using ImageRepo.Testing;
using NetVips;

namespace ImageRepo.Web.Tests.Api;

/// <summary>Real photos, uploaded as anybody would, are found by what they look like.</summary>
public sealed class PhotoSearchTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task A_photo_with_a_blue_sky_is_found_by_the_colour_of_a_sky_and_those_without_blue_are_not()
    {
        using var person = await App.SignUpAsync();
        var sky = await person.UploadAsync(Photos.Labelled("blue-sky.jpg"));
        await person.UploadAsync(Photos.Labelled("red-bowl.jpg"));
        await person.UploadAsync(Photos.Labelled("giraffe-zebra.jpg"));

        var data = await person.GraphQLAsync("""{ images(where: { color: { hex: "#87CEEB" } }) { nodes { id dominantColors } } }""");

        var found = Assert.Single(data.GetProperty("images").GetProperty("nodes").EnumerateArray());
        Assert.Equal(sky, found.GetProperty("id").GetString());
        Assert.Contains("BLUE", found.GetProperty("dominantColors").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public async Task A_photo_is_similar_to_its_smaller_recompressed_and_cropped_copies_and_to_no_other()
    {
        using var person = await App.SignUpAsync();
        using var photo = Image.NewFromFile(Photos.Labelled("mountains.jpg"));
        var (width, height) = (photo.Width, photo.Height);
        using var small = photo.ThumbnailImage(400);
        using var cropped = photo.Crop(width / 50, height / 50, width - width / 25, height - height / 25);
        var original = await person.UploadAsync(Photos.Labelled("mountains.jpg"));
        await person.UploadAsync(Photos.Labelled("sunset.jpg"));
        string[] copies =
        [
            await person.UploadAsync(small.WriteToBuffer(".jpg[Q=80]"), "small.jpg"),
            await person.UploadAsync(photo.WriteToBuffer(".jpg[Q=30]"), "recompressed.jpg"),
            await person.UploadAsync(photo.WriteToBuffer(".webp[Q=50,effort=0]"), "converted.webp"),
            await person.UploadAsync(cropped.WriteToBuffer(".jpg[Q=80]"), "cropped.jpg"),
        ];

        var data = await person.GraphQLAsync("query ($id: ID!) { image(id: $id) { similar { image { id } similarity } } }", new { id = original });

        var similar = data.GetProperty("image").GetProperty("similar").EnumerateArray().ToList();
        Assert.Equal(copies.Order(), similar.Select(s => s.GetProperty("image").GetProperty("id").GetString()!).Order());
        Assert.All(similar, s => Assert.InRange(s.GetProperty("similarity").GetDouble(), 1 - 10 / 64.0, 1));
    }
}
