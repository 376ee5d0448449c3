using ImageRepo.GraphQL.Nodes;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Nodes;

public sealed class GlobalIdTests
{
    private static readonly Guid Id = Guid.Parse("3c5a4d30-f652-b355-51d6-9589d1d290b4");

    [Contract("S11")]
    [Fact]
    public void Id_is_the_type_and_the_bytes_of_the_guid() => Assert.Equal("SW1hZ2U6ME1aPFL2VbNR1pWJ0dKQtA==", GlobalId.Encode("Image", Id));

    [Contract("S12")]
    [Theory]
    [InlineData("SW1hZ2U6ME1aPFL2VbNR1pWJ0dKQtA==")]
    [InlineData("SW1hZ2U6ME1aPFL2VbNR1pWJ0dKQtA")]
    public void Id_is_read_with_padding_and_without(string text)
    {
        Assert.True(GlobalId.TryDecode(text, "Image", out var id));
        Assert.Equal(Id, id);
    }

    [Contract("S12")]
    [Fact]
    public void Id_is_read_in_both_alphabets()
    {
        var guid = Guid.Parse("fffbfffb-fbff-fbff-fffb-fffbfffbfffb");
        var standard = GlobalId.Encode("Image", guid);
        Assert.Contains('+', standard);
        Assert.Contains('/', standard);

        Assert.True(GlobalId.TryDecode(standard, "Image", out var one));
        Assert.True(GlobalId.TryDecode(standard.Replace('+', '-').Replace('/', '_'), "Image", out var other));
        Assert.Equal((guid, guid), (one, other));
    }

    [Contract("S13")]
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("not an id")]
    [InlineData("SW1hZ2U6")]
    [InlineData("SW1hZ2U=6ME1aPFL2VbNR1pWJ0dKQtA==")]
    [InlineData("OjBNWjxS9lWzUdaVidHSkLQ=")]
    [InlineData("VXNlcjowTVo8UvZVs1HWlYnR0pC0")]
    [InlineData("\ud800")]
    public void Everything_else_is_no_image(string? text) => Assert.False(GlobalId.TryDecode(text, "Image", out _));
}
