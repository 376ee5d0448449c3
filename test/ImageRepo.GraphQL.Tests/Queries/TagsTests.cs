using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Queries;

[Collection(SchemaServerCollection.Name)]
public sealed class TagsTests(SchemaServer server)
{
    [Theory]
    [InlineData("", "water 3,beach 2,tree 2,zebra 1,élan 1")]
    [InlineData("(where: { name: { startsWith: \"B\" } })", "beach 2")]
    [InlineData("(where: { name: { startsWith: \"É\" } })", "élan 1")]
    [InlineData("(where: { name: { startsWith: \"%\" } })", "")]
    [InlineData("(where: { name: { eq: \" Water \" } })", "water 3")]
    [InlineData("(where: { imageCount: { gte: 2 }, name: { neq: \"beach\" } })", "water 3,tree 2")]
    [InlineData("(where: { or: [{ name: { eq: \"zebra\" } }, { imageCount: { gt: 2 } }] })", "water 3,zebra 1")]
    [InlineData("(order: [{ imageCount: ASC }, { name: DESC }], where: { name: { neq: \"élan\" } })", "zebra 1,tree 2,beach 2,water 3")]
    [InlineData("(order: [{ name: DESC }], where: { name: { neq: \"élan\" } })", "zebra 1,water 3,tree 2,beach 2")]
    public async Task Tags_are_the_callers_own_with_their_counts(string arguments, string expected)
    {
        var owner = await LibraryAsync();

        var data = await owner.QueryAsync($"{{ tags{arguments} {{ nodes {{ name imageCount }} totalCount }} }}");

        var tags = Tags(data);
        // Where names decide between equals, the database's language decides about é.
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(), tags.Order());
        Assert.Equal(expected.Replace(",élan 1", ""), string.Join(',', tags.Where(t => t != "élan 1" || expected == t)));
        Assert.Equal(tags.Count, (int)data["tags"]!["totalCount"]!);
        Assert.Empty(server.Log.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", order: [{ name: ASC }]")]
    [InlineData(", order: [{ name: DESC }]")]
    [InlineData(", order: [{ imageCount: ASC }]")]
    public async Task Pages_show_every_tag_once_in_both_directions(string arguments)
    {
        var owner = await LibraryAsync();
        var all = Tags(await owner.QueryAsync($"{{ tags(first: 100{arguments}) {{ nodes {{ name imageCount }} }} }}"));

        Assert.Equal(5, all.Count);
        Assert.Equal(all, (await WalkAsync("first", "after", "endCursor", "hasNextPage")).SelectMany(p => p));
        Assert.Equal(all, Enumerable.Reverse(await WalkAsync("last", "before", "startCursor", "hasPreviousPage")).SelectMany(p => p));

        async Task<List<List<string>>> WalkAsync(string size, string beyond, string cursorField, string moreField)
        {
            List<List<string>> pages = [];
            string? cursor = null;
            do
            {
                var data = await owner.QueryAsync($"query ($c: String) {{ tags({size}: 2, {beyond}: $c{arguments}) {{ edges {{ cursor node {{ name imageCount }} }} nodes {{ name imageCount }} pageInfo {{ {cursorField} {moreField} }} }} }}", new { c = cursor });
                pages.Add(Tags(data));
                var info = data["tags"]!["pageInfo"]!;
                cursor = (bool)info[moreField]! ? (string)info[cursorField]! : null;
            }
            while (cursor is not null && pages.Count < 10);
            return pages;
        }
    }

    [Fact]
    public async Task Tags_leave_with_the_last_image_that_carries_them()
    {
        var owner = await LibraryAsync();
        var data = await owner.QueryAsync("{ images(where: { tags: { some: { name: { eq: \"zebra\" } } } }) { nodes { id } } }");

        await owner.QueryAsync("mutation ($id: ID!) { deleteImages(input: { ids: [$id] }) { deletedIds } }", new { id = (string)data["images"]!["nodes"]![0]!["id"]! });

        Assert.DoesNotContain(Tags(await owner.QueryAsync("{ tags { nodes { name imageCount } } }")), t => t.StartsWith("zebra", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tags_are_one_statement_and_their_number_another()
    {
        var owner = await LibraryAsync();
        server.Log.Clear();

        await owner.QueryAsync("{ tags { edges { cursor node { name imageCount } } } }");
        Assert.Single(server.Log.Statements);
        await owner.QueryAsync("{ tags(first: 0) { totalCount } }");
        Assert.Equal(2, server.Log.Statements.Count);
    }

    [Fact]
    public async Task Nobody_has_no_tags_and_a_cursor_of_images_is_none_of_tags()
    {
        var owner = await LibraryAsync();
        var page = await owner.QueryAsync("{ images(first: 1) { pageInfo { endCursor } } }");

        var nobody = await server.Anonymous().SendAsync("{ tags { nodes { name } } }");
        var foreign = await owner.SendAsync("query ($c: String) { tags(after: $c) { nodes { name } } }", new { c = (string)page["images"]!["pageInfo"]!["endCursor"]! });

        Assert.Equal("AUTH_NOT_AUTHENTICATED", SchemaClient.Code(nobody));
        Assert.Equal("HC0078", SchemaClient.Code(foreign));
    }

    private static List<string> Tags(JsonObject data) => [.. data["tags"]!["nodes"]!.AsArray().Select(n => $"{n!["name"]} {n["imageCount"]}")];

    private async Task<SchemaClient> LibraryAsync()
    {
        var owner = await server.SignUpAsync();
        await server.AddImageAsync(owner, tags: ["water", "beach", "Élan"]);
        await server.AddImageAsync(owner, tags: ["water", "beach", "tree"]);
        await server.AddImageAsync(owner, tags: ["water", "tree"]);
        await server.AddImageAsync(owner, tags: ["zebra"]);
        await server.AddImageAsync(await server.SignUpAsync(), tags: ["secret", "water", "beach"]);
        return owner;
    }
}
