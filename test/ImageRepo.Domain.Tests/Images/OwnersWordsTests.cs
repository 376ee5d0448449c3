using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Tests.Images;

/// <summary>What the owner says is never lost to the analyzer, and what the owner rejected does not come back.</summary>
public sealed class OwnersWordsTests
{
    private static readonly DateTimeOffset Later = Given.Noon.AddHours(1);

    [Fact]
    public void The_owners_description_stands_above_the_analyzers()
    {
        var image = Given.Analyzed("boat");

        image.Edit(new ImageEdit { Description = "Our boat" }, Later);
        Reanalyze(image, "ship");

        Assert.Equal(new ImageDescription("Our boat", ContentSource.Owner, null), image.Description);
    }

    [Fact]
    public void Clearing_the_description_shows_the_analyzers_again()
    {
        var image = Given.Analyzed();
        image.Edit(new ImageEdit { Description = "Our boat" }, Later);

        image.Edit(new ImageEdit { Description = (string?)null }, Later);

        Assert.Equal("A photo of a boat", image.Description?.Text);
    }

    [Fact]
    public void What_is_not_mentioned_stays()
    {
        var image = Given.Uploaded();
        image.Edit(new ImageEdit { AltText = "Boat at noon", IsFavorite = true, FileName = "boat.jpg" }, Later);

        image.Edit(new ImageEdit { Description = "Our boat" }, Later);

        Assert.Equal(("Boat at noon", true, "boat.jpg"), (image.AltText, image.IsFavorite, image.FileName));
    }

    [Fact]
    public void A_refused_edit_changes_nothing()
    {
        var image = Given.Uploaded();

        var error = Assert.Throws<InvalidTextException>(() => image.Edit(
            new ImageEdit { FileName = "other.jpg", Description = new string('x', PlainText.DescriptionMaxLength + 1) }, Later));

        Assert.Equal(("description", PlainText.DescriptionMaxLength), (error.Field, error.MaxLength));
        Assert.Equal("beach.jpg", image.FileName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(null)]
    [InlineData("a/b.jpg")]
    [InlineData("a\nb.jpg")]
    [InlineData("a\0b.jpg")]
    public void A_file_name_must_be_one(string? name) =>
        Assert.Throws<InvalidTextException>(() => Given.Uploaded().Edit(new ImageEdit { FileName = name }, Later));

    [Fact]
    public void A_removed_machine_tag_does_not_come_back()
    {
        var image = Given.Analyzed("boat", "clock");

        image.Retag([], Given.Tags("clock"), Given.Limits, Later);
        Reanalyze(image, "boat", "clock");

        Assert.Equal(["boat"], image.Tags.Names());
    }

    [Fact]
    public void A_rejected_tag_that_the_owner_adds_is_the_owners_and_no_longer_rejected()
    {
        var image = Given.Analyzed("clock");
        image.Retag([], Given.Tags("clock"), Given.Limits, Later);

        image.Retag(Given.Tags("clock"), [], Given.Limits, Later);

        Assert.Equal(new ImageTag(TagName.Parse("clock"), ContentSource.Owner, null), Assert.Single(image.Tags));
        Assert.Empty(image.RejectedTags);
    }

    [Fact]
    public void An_owners_tag_that_the_analyzer_finds_too_stays_the_owners()
    {
        var image = Given.Uploaded("boat");

        Reanalyze(image, "boat", "sea");

        Assert.Equal([ContentSource.Owner, ContentSource.Analyzer], image.Tags.Select(t => t.Source));
    }

    [Fact]
    public void Removing_the_owners_own_tag_rejects_nothing()
    {
        var image = Given.Uploaded("boat");

        image.Retag([], Given.Tags("boat"), Given.Limits, Later);
        Reanalyze(image, "boat");

        Assert.Equal(["boat"], image.Tags.Names());
    }

    [Fact]
    public void More_tags_than_allowed_are_refused_and_change_nothing()
    {
        var image = Given.Uploaded("boat");
        var many = Enumerable.Range(0, Given.Limits.TagsPerImage).Select(i => TagName.Parse($"tag {i}")).ToList();

        var error = Assert.Throws<TooManyTagsException>(() => image.Retag(many, [], Given.Limits, Later));

        Assert.Equal((image.Id, Given.Limits.TagsPerImage), (error.Id, error.MaxTags));
        Assert.Equal(["boat"], image.Tags.Names());
    }

    [Fact]
    public void The_owners_tags_take_the_place_of_the_least_sure_machine_tags()
    {
        var limits = new ImageLimits { TagsPerImage = 3 };
        var image = Given.Uploaded();
        image.StartAnalysis();
        image.CompleteAnalysis(Given.Result() with { Tags = [(TagName.Parse("boat"), 0.9f), (TagName.Parse("clock"), 0.3f), (TagName.Parse("sea"), 0.8f)] }, limits, Later);

        image.Retag(Given.Tags("ours"), [], limits, Later);

        Assert.Equal(["ours", "boat", "sea"], image.Tags.Names());
    }

    [Fact]
    public void The_analyzer_fills_up_to_the_limit_with_its_surest_tags()
    {
        var image = Given.Uploaded("boat");
        image.StartAnalysis();
        var tags = Enumerable.Range(0, 100).Select(i => (TagName.Parse($"tag {i}"), i / 100f)).ToList();

        image.CompleteAnalysis(Given.Result() with { Tags = tags }, Given.Limits, Later);

        Assert.Equal(Given.Limits.TagsPerImage, image.Tags.Count);
        Assert.Contains(image.Tags, t => t.Name.Value == "tag 99");
        Assert.DoesNotContain(image.Tags, t => t.Name.Value == "tag 0");
    }

    private static void Reanalyze(Image image, params string[] tags)
    {
        image.StartAnalysis();
        image.CompleteAnalysis(Given.Result(tags), Given.Limits, Later);
    }
}
