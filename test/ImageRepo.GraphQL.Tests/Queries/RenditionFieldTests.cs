using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Queries;

[Collection(SchemaServerCollection.Name)]
public sealed class RenditionFieldTests(SchemaServer server)
{
    [Theory]
    [InlineData("width: 0", "INVALID_RENDITION", "width is 0; a picture has at least 1 pixel.")]
    [InlineData("height: -5", "INVALID_RENDITION", "height is -5; a picture has at least 1 pixel.")]
    [InlineData("fit: COVER", "INVALID_RENDITION", "both width and height")]
    [InlineData("width: 100, fit: COVER", "INVALID_RENDITION", "both width and height")]
    [InlineData("width: 10000000000", null, "width")]
    [InlineData("format: GIF", null, "format")]
    [InlineData("format: \"webp\"", null, "format")]
    [InlineData("fit: FILL", null, "fit")]
    [InlineData("fit: null", null, "fit")]
    public async Task What_can_not_be_made_is_refused_by_name(string arguments, string? code, string words)
    {
        var owner = await server.SignUpAsync();
        var image = await server.AddImageAsync(owner);

        var response = await owner.SendAsync($"query($id: ID!) {{ image(id: $id) {{ rendition({arguments}) {{ url }} }} }}", new { id = ImageType.IdOf(image.Id) });

        Assert.Contains(words, SchemaClient.Message(response), StringComparison.Ordinal);
        if (code is not null)
        {
            Assert.Equal(code, SchemaClient.Code(response));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("(width: null, height: null, format: null)")]
    [InlineData("(width: 1000000000)")]
    [InlineData("(width: 1, height: 1, fit: COVER, format: AVIF)")]
    public async Task Asking_for_a_link_makes_no_picture(string arguments)
    {
        var owner = await server.SignUpAsync();
        var image = await server.AddImageAsync(owner);

        // The reader of these tests throws when it is to make one.
        var data = await owner.QueryAsync($"query($id: ID!) {{ image(id: $id) {{ rendition{arguments} {{ url width height expiresAt }} }} }}", new { id = ImageType.IdOf(image.Id) });

        Assert.StartsWith("http", (string)data["image"]!["rendition"]!["url"]!, StringComparison.Ordinal);
        Assert.InRange((int)data["image"]!["rendition"]!["width"]!, 1, image.Width);
    }

    [Fact]
    public async Task Nobody_gets_a_link_to_the_image_of_another()
    {
        var image = await server.AddImageAsync(await server.SignUpAsync());
        var stranger = await server.SignUpAsync();

        var data = await stranger.QueryAsync("query($id: ID!) { image(id: $id) { rendition(width: 480) { url } } node(id: $id) { ... on Image { rendition(width: 480) { url } } } }", new { id = ImageType.IdOf(image.Id) });

        Assert.Equal("""{"image":null,"node":null}""", data.ToJsonString());
    }
}
