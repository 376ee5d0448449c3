using ImageRepo.Domain.Images;

namespace ImageRepo.Domain.Tests.Images;

public sealed class TextTests
{
    [Theory]
    [InlineData("  Sunset ", "sunset")]
    [InlineData("New\t  York", "new york")]
    [InlineData("CAFE\u0301", "caf\u00e9")]
    [InlineData("日本", "日本")]
    public void A_tag_is_compared_trimmed_lower_case_and_composed(string typed, string expected) =>
        Assert.Equal(expected, TagName.Parse(typed).Value);

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("a\0b")]
    public void A_tag_that_cannot_be_stored_is_refused(string typed)
    {
        Assert.Throws<InvalidTagException>(() => TagName.Parse(typed));
        Assert.False(TagName.TryParse(typed, out _));
    }

    [Fact]
    public void A_tag_of_broken_unicode_is_refused() => Assert.Throws<InvalidTagException>(() => TagName.Parse("a\ud800"));

    [Fact]
    public void A_tag_has_a_longest_length()
    {
        Assert.Equal(TagName.MaxLength, TagName.Parse(new string('x', TagName.MaxLength)).Value.Length);
        Assert.Throws<InvalidTagException>(() => TagName.Parse(new string('x', TagName.MaxLength + 1)));
    }

    [Fact]
    public void Five_thousand_tags_are_refused_with_the_limit_named()
    {
        var error = Assert.Throws<InvalidTagException>(() =>
            UploadDetails.Parse(null, null, [.. Enumerable.Range(0, 5000).Select(i => $"tag {i}")], Given.Limits));

        Assert.Contains("50", error.Message);
    }

    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("C:\\Users\\me\\photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("a\u202Egpj.exe", "agpj.exe")]
    [InlineData("..", "image")]
    [InlineData("", "image")]
    [InlineData(null, "image")]
    [InlineData("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg")]
    public void What_a_client_calls_its_file_becomes_a_harmless_name(string? sent, string expected) =>
        Assert.Equal(expected, ImageFileName.FromUpload(sent));

    [Fact]
    public void A_long_file_name_is_cut_but_keeps_its_extension()
    {
        var name = ImageFileName.FromUpload(new string('x', 1000) + ".jpeg");

        Assert.Equal(PlainText.FileNameMaxLength, name.Length);
        Assert.EndsWith("x.jpeg", name);
    }

    [Fact]
    public void Control_characters_and_broken_unicode_are_refused()
    {
        Assert.Throws<InvalidTextException>(() => PlainText.Clean("a\0b", "altText", 10));
        Assert.Throws<InvalidTextException>(() => PlainText.Clean("a\udc00b", "altText", 10));
        Assert.Equal("a\nb", PlainText.Clean(" a\nb ", "altText", 10));
        Assert.Null(PlainText.Clean("  ", "altText", 10));
    }

    [Fact]
    public void A_content_hash_is_64_hexadecimal_digits()
    {
        var hash = ContentHash.FromBytes(new byte[32]);

        Assert.Equal(new string('0', 64), hash.Value);
        Assert.Equal(hash, ContentHash.Parse(hash.Value));
        Assert.Throws<FormatException>(() => ContentHash.Parse("abc"));
        Assert.Throws<ArgumentException>(() => ContentHash.FromBytes(new byte[31]));
    }
}
