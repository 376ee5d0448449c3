using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

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

    [Contract("T4")]
    [Fact]
    public async Task A_list_with_tags_colours_and_links_is_one_statement()
    {
        var owner = await server.SignUpAsync();
        for (var i = 0; i < 30; i++)
        {
            await server.AddImageAsync(owner, new TestPicture { Colors = new Dictionary<string, float> { ["#008080"] = 0.5f } }, tags: ["cat"]);
        }
        server.Log.Clear();

        var data = await owner.QueryAsync("{ images { nodes { fileName tags { name } colors { hex } objects { name } original { url } rendition { url } } } }");

        Assert.Equal(30, data["images"]!["nodes"]!.AsArray().Count);
        Assert.Single(server.Log.Statements);
    }

    [Contract("T4")]
    [Fact]
    public async Task Images_by_id_are_one_statement_however_many_are_named()
    {
        var owner = await server.SignUpAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(ImageType.IdOf((await server.AddImageAsync(owner)).Id));
        }
        server.Log.Clear();

        await owner.QueryAsync("query ($ids: [ID!]!) { " + string.Concat(ids.Select((id, i) => $"i{i}: image(id: \"{id}\") {{ id }} n{i}: node(id: \"{id}\") {{ id }} ")) + " nodes(ids: $ids) { id } }", new { ids });

        Assert.True(server.Log.Statements.Count <= 2, string.Join("\n", server.Log.Statements));
    }

    [Fact]
    public async Task Totals_and_facets_of_a_filter_give_the_database_no_riddles()
    {
        var owner = await server.SignUpAsync();
        server.Log.Clear();

        await owner.QueryAsync("{ images(search: \"x\", where: { color: { hex: \"#008080\" } }) { totalCount totalCountIsExact facets { tags { name } colors { name } years { year } } } }");

        Assert.Empty(server.Log.Warnings);
    }
}
