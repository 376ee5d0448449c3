using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Colors;
using ImageRepo.Infrastructure.Analysis;

namespace ImageRepo.Infrastructure.Tests.Analysis;

public sealed class LocalTagsTests
{
    [Fact]
    public void An_object_is_a_tag_once_with_its_best_confidence()
    {
        var tags = Tags(Sightings.Of([Seen.Object("dog", 0.7f), Seen.Object("dog", 0.9f)], []));

        Assert.Equal(0.9f, tags["dog"]);
        Assert.DoesNotContain("people", tags.Keys);
    }

    [Fact]
    public void Orange_is_one_tag_for_the_fruit_and_the_colour()
    {
        var tags = LocalTags.Of(Sightings.Of([Seen.Object("orange", 0.7f)], []), [], Seen.Picture(colors: NamedColor.Orange));

        Assert.Equal(1, Assert.Single(tags, t => t.Name.Value == "orange").Confidence);
    }

    [Fact]
    public void Two_are_people_and_three_a_group_each_as_sure_as_the_last_one_needed()
    {
        var two = Tags(Sightings.Of([Seen.Object("person", 0.9f), Seen.Object("person", 0.8f)], []));
        var three = Tags(Sightings.Of([Seen.Object("person", 0.9f), Seen.Object("person", 0.7f), Seen.Object("person", 0.8f)], []));

        Assert.Equal((0.9f, 0.8f), (two["person"], two["people"]));
        Assert.DoesNotContain("group", two.Keys);
        Assert.Equal((0.8f, 0.7f), (three["people"], three["group"]));
    }

    [Theory]
    [InlineData(0.25f, 1, true)]
    [InlineData(0.1f, 1, false)]
    [InlineData(0.25f, 2, false)]
    public void One_person_with_one_large_face_is_a_portrait(float faceHeight, int persons, bool portrait)
    {
        var whole = new Region(0, 0, 1, 1);
        var seen = Sightings.Of(
            [.. Enumerable.Repeat(Seen.Object("person", region: whole), persons)],
            [Seen.Face(0.85f, new Region(0.4f, 0.1f, 0.6f, 0.1f + faceHeight))]);

        var tags = Tags(seen);

        Assert.Equal(0.85f, tags["face"]);
        Assert.Equal(portrait, tags.ContainsKey("portrait"));
    }

    [Fact]
    public void How_large_a_face_is_goes_by_the_shorter_side()
    {
        var seen = Sightings.Of([Seen.Object("person", region: new Region(0, 0, 1, 1))], [Seen.Face(region: new Region(0.2f, 0.4f, 0.8f, 0.5f))]);

        Assert.Contains("portrait", Tags(seen, Seen.Picture(400, 1600)).Keys);
    }

    [Fact]
    public void Colours_and_black_and_white_are_measured_and_so_certain()
    {
        var tags = Tags(Seen.Nothing, Seen.Picture(blackAndWhite: true, colors: [NamedColor.Gray, NamedColor.Black]));

        Assert.Equal((1f, 1f, 1f), (tags["gray"], tags["black"], tags["black and white"]));
    }

    [Theory]
    [InlineData("#000000", "#202020", "low-key")]
    [InlineData("#FFFFFF", "#E0E0E0", "high-key")]
    [InlineData("#000000", "#FFFFFF", null)]
    [InlineData("#808080", "#606060", null)]
    public void Very_dark_is_low_key_and_very_light_high_key(string one, string other, string? expected)
    {
        var tags = Tags(Seen.Nothing, Seen.Picture(palette: [Seen.Color(one, 0.5f), Seen.Color(other, 0.4f)]));

        Assert.Equal(expected is null ? [] : [expected], tags.Keys.Where(t => t.EndsWith("-key")));
    }

    [Theory]
    [InlineData(1600, 900, "landscape orientation")]
    [InlineData(900, 1600, "portrait orientation")]
    [InlineData(1000, 1020, "square")]
    public void The_orientation_is_always_told(int width, int height, string expected) =>
        Assert.Equal([expected], Tags(Seen.Nothing, Seen.Picture(width, height)).Keys);

    private static Dictionary<string, float> Tags(Sightings seen, PictureFacts? facts = null) =>
        LocalTags.Of(seen, [], facts ?? Seen.Picture()).ToDictionary(t => t.Name.Value, t => t.Confidence);
}
