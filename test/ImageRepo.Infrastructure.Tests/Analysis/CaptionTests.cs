using ImageRepo.Domain.Colors;
using ImageRepo.Infrastructure.Analysis;

namespace ImageRepo.Infrastructure.Tests.Analysis;

public sealed class CaptionTests
{
    [Theory]
    [InlineData("a person", "person", 1)]
    [InlineData("two people", "person", 2)]
    [InlineData("an elephant", "elephant", 1)]
    [InlineData("an umbrella", "umbrella", 1)]
    [InlineData("ten dogs", "dog", 10)]
    [InlineData("many dogs", "dog", 11)]
    [InlineData("three buses", "bus", 3)]
    [InlineData("two wine glasses", "wine glass", 2)]
    [InlineData("two benches", "bench", 2)]
    [InlineData("two sandwiches", "sandwich", 2)]
    [InlineData("two toothbrushes", "toothbrush", 2)]
    [InlineData("four sheep", "sheep", 4)]
    [InlineData("two knives", "knife", 2)]
    [InlineData("two mice", "mouse", 2)]
    [InlineData("a pair of scissors", "scissors", 1)]
    [InlineData("two pairs of skis", "skis", 2)]
    [InlineData("broccoli", "broccoli", 3)]
    [InlineData("a TV", "tv", 1)]
    [InlineData("two TVs", "tv", 2)]
    public void Counts_are_spelled_in_correct_English(string expected, string name, int count) =>
        Assert.Equal($"A photo of {expected}", Text(Seen.Objects((name, count))));

    [Fact]
    public void Names_what_was_seen_and_the_two_main_colours() =>
        Assert.Equal(
            "A photo of a giraffe and a zebra, mostly green and brown",
            Text(Seen.Objects(("giraffe", 1), ("zebra", 1)), colors: [NamedColor.Green, NamedColor.Brown, NamedColor.Blue]));

    [Fact]
    public void With_nothing_seen_only_colours_are_named()
    {
        Assert.Equal("An image in mostly blue", Text(Seen.Nothing, colors: NamedColor.Blue));
        Assert.Equal("An image in mostly blue and gray", Text(Seen.Nothing, colors: [NamedColor.Blue, NamedColor.Gray]));
    }

    [Fact]
    public void Black_and_white_pictures_have_no_colours_to_name()
    {
        Assert.Equal("A black and white photo of a person", Text(Seen.Objects(("person", 1)), true, NamedColor.Gray, NamedColor.Black));
        Assert.Equal("A black and white image", Text(Seen.Nothing, true, NamedColor.Gray));
    }

    [Fact]
    public void With_nothing_to_say_there_is_no_caption() => Assert.Equal((null, null), Caption.Of(Seen.Nothing, Seen.Picture()));

    [Fact]
    public void People_come_first_then_what_covers_most_of_the_picture_and_only_four_kinds()
    {
        var seen = Sightings.Of(
        [
            Seen.Object("cup", region: new Region(0, 0, 0.1f, 0.1f)),
            Seen.Object("couch", region: new Region(0, 0, 0.9f, 0.5f)),
            Seen.Object("person"),
            Seen.Object("book", region: new Region(0, 0, 0.2f, 0.2f)),
            Seen.Object("book", region: new Region(0.5f, 0.5f, 0.7f, 0.7f)),
            Seen.Object("clock", region: new Region(0, 0, 0.05f, 0.05f)),
        ], []);

        Assert.Equal("A photo of a person, a couch, two books and a cup", Text(seen));
    }

    [Fact]
    public void It_is_as_sure_as_the_least_sure_thing_that_it_names()
    {
        var seen = Sightings.Of([Seen.Object("dog", 0.9f), Seen.Object("dog", 0.69f), Seen.Object("cat", 0.8f)], []);

        Assert.Equal(0.69f, Caption.Of(seen, Seen.Picture()).Confidence);
        Assert.Null(Caption.Of(Seen.Nothing, Seen.Picture(colors: NamedColor.Blue)).Confidence);
    }

    private static string? Text(Sightings seen, bool blackAndWhite = false, params NamedColor[] colors) =>
        Caption.Of(seen, Seen.Picture(blackAndWhite: blackAndWhite, colors: colors)).Text;
}
