using System.Net.Http.Headers;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

/// <summary>What a page of another site can make a browser send, with the cookie of whoever is signed in here.</summary>
[Collection(SchemaServerCollection.Name)]
public sealed class CrossSiteTests(SchemaServer server)
{
    private const string Change = "mutation ($id: ID!) { updateImage(input: { id: $id, fileName: \"theirs.jpg\" }) { errors { __typename } } }";

    [Contract("H9")]
    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/plain; application/json")]
    [InlineData("text/plain, application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=b")]
    [InlineData("multipart/form-data; boundary=b; application/json")]
    [InlineData(null)]
    public async Task A_form_or_a_simple_request_changes_nothing(string? contentType)
    {
        var owner = await server.SignUpAsync();
        var image = await server.AddImageAsync(owner, fileName: "mine.jpg");
        var id = GraphQL.Images.ImageType.IdOf(image.Id);
        var json = System.Text.Json.JsonSerializer.Serialize(new { query = Change, variables = new { id } });
        var text = contentType?.StartsWith("multipart", StringComparison.Ordinal) == true
            ? $"--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{json}\r\n--b\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{{}}\r\n--b--\r\n"
            : json;
        using var content = new StringContent(text);
        content.Headers.Remove("Content-Type");
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await owner.Http.PostAsync("/graphql", content);

        Assert.InRange((int)response.StatusCode, 400, 415);
        Assert.Equal("mine.jpg", (string?)(await owner.QueryAsync("query ($id: ID!) { image(id: $id) { fileName } }", new { id }))["image"]!["fileName"]);
    }

    [Contract("H9")]
    [Fact]
    public async Task A_link_changes_nothing()
    {
        var owner = await server.SignUpAsync();
        using var response = await owner.Http.GetAsync("/graphql?query=" + Uri.EscapeDataString("mutation { deleteImages(input: { ids: [] }) { deletedIds } }"));

        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Contract("H20")]
    [Theory]
    [InlineData("{ me { id } }", 200)]
    [InlineData("{ nope }", 400)]
    [InlineData("mutation { deleteImages(input: { ids: [] }) { deletedIds } }", 405)]
    public async Task No_cache_keeps_an_answer(string query, int status)
    {
        var owner = await server.SignUpAsync();
        using var response = await owner.Http.GetAsync("/graphql?query=" + Uri.EscapeDataString(query));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(new CacheControlHeaderValue { NoStore = true }, response.Headers.CacheControl);
    }
}
