using ImageRepo.Domain.Analysis;

namespace ImageRepo.Domain.Tests.Images;

public sealed class RecognizedTextTests
{
    private static readonly Box Somewhere = new(0, 0, 1, 1);

    [Fact]
    public void Lines_are_kept_in_order_and_found_as_one()
    {
        var lines = TextLines.Storable([Line("No parking"), Line("at any time")]);

        Assert.Equal(["No parking", "at any time"], lines.Select(l => l.Text));
    }

    [Fact]
    public void What_can_not_be_stored_is_left_out()
    {
        var lines = TextLines.Storable([Line("a\0b\n"), Line("\0 "), Line("broken \ud800"), Line("cafe\u0301")]);

        Assert.Equal(["a b", "caf\u00e9"], lines.Select(l => l.Text));
    }

    [Fact]
    public void No_more_is_kept_than_there_is_room_for()
    {
        var lines = TextLines.Storable(Enumerable.Repeat(Line(new string('x', 999)), 50));

        Assert.Equal(TextLines.MaxLength / 1000, lines.Count);
        Assert.True(string.Join('\n', lines.Select(l => l.Text)).Length <= TextLines.MaxLength);
    }

    [Fact]
    public void A_new_analysis_replaces_the_text_unless_it_could_not_look()
    {
        var image = Given.Analyzed();
        Analyse([Line("Exit")]);
        Assert.Equal("Exit", image.RecognizedText);

        Analyse(null);
        Assert.Equal("Exit", Assert.Single(image.Text).Text);

        Analyse([]);
        Assert.Empty(image.Text);
        Assert.Null(image.RecognizedText);

        void Analyse(IReadOnlyList<TextLine>? text)
        {
            image.StartAnalysis();
            image.CompleteAnalysis(Given.Result() with { Text = text }, Given.Limits, Given.Noon);
        }
    }

    private static TextLine Line(string text) => new(text, 0.9f, Somewhere);
}
