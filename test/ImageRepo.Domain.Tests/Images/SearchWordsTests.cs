using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Tests.Images;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("giraffe", "giraffe*")]
    [InlineData("giraffe ", "giraffe*")]
    [InlineData("red boat", "red|boat*")]
    [InlineData("\"red boat\" sea", "red boat|sea*")]
    [InlineData("\"red boat\"", "red boat")]
    [InlineData("sea -boat", "sea|!boat")]
    [InlineData("-\"red boat\" sea", "!red boat|sea*")]
    [InlineData("beach-party.jpg", "beach party jpg*")]
    [InlineData("\"never closed", "never closed")]
    [InlineData("- ' & | ! :* ()", "")]
    [InlineData("--", "")]
    [InlineData("", "")]
    public void Words_quotes_and_minus_are_read(string typed, string expected) =>
        Assert.Equal(expected, Show(SearchWords.Parse(typed)));

    [Fact]
    public void A_search_has_a_longest_length()
    {
        Assert.Throws<InvalidTextException>(() => SearchWords.Parse(new string('x', SearchWords.MaxLength + 1)));
        Assert.Throws<InvalidTextException>(() => SearchWords.Parse(string.Join(' ', Enumerable.Repeat("x", SearchWords.MaxTerms + 1))));
        Assert.Throws<InvalidTextException>(() => SearchWords.Parse("\ud800"));
        Assert.Throws<InvalidTextException>(() => SearchWords.Parse("\ufffe"));
    }

    private static string Show(SearchWords search) => string.Join('|', search.Terms.Select(t =>
        (t.IsExcluded ? "!" : "") + string.Join(' ', t.Words) + (t.IsPrefix ? "*" : "")));
}
