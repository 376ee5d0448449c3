using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Queries;

[Collection(SchemaServerCollection.Name)]
public sealed class ImagesTests(SchemaServer server)
{
    [Fact]
    public async Task Images_come_newest_first_with_their_totals()
    {
        var owner = await server.SignUpAsync();
        var first = await server.AddImageAsync(owner, fileName: "first.jpg", tags: ["cat"]);
        await server.AddImageAsync(owner, fileName: "second.jpg", tags: ["cat", "dog"]);

        var data = await owner.QueryAsync("{ images { nodes { fileName tags { name } rendition(width: 300) { url width } original { url } } totalCount totalCountIsExact facets { tags { name count } colors { name count } years { year count } } } }");

        Assert.Equal(["second.jpg", "first.jpg"], data["images"]!["nodes"]!.AsArray().Select(n => (string)n!["fileName"]!));
        Assert.Equal(2, (int)data["images"]!["totalCount"]!);
        Assert.Empty(server.Log.Errors);
    }
}
