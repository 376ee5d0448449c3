using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Queries;

[Collection(SchemaServerCollection.Name)]
public sealed class FilteringTests(SchemaServer server)
{
    private static readonly DateTimeOffset Summer = new(2023, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("{}", "sea,forest,night")]
    [InlineData("{ and: [], or: [] }", "sea,forest,night")]
    [InlineData("{ tags: { some: { name: { eq: \"Beach \" } } } }", "sea")]
    [InlineData("{ tags: { some: { name: { in: [\"tree\", \"moon\"] } } } }", "forest,night")]
    [InlineData("{ tags: { some: { name: { in: [] } } } }", "")]
    [InlineData("{ tags: { some: { name: { startsWith: \"be\" } } } }", "sea")]
    [InlineData("{ tags: { some: { name: { contains: \"100%\" } } } }", "")]
    [InlineData("{ tags: { some: { name: { contains: \"OO\" } } } }", "night")]
    [InlineData("{ tags: { some: { name: { ncontains: \"e\" } } } }", "night")]
    [InlineData("{ tags: { none: { name: { eq: \"beach\" } } } }", "forest,night")]
    [InlineData("{ tags: { all: { name: { neq: \"tree\" } } } }", "sea,night")]
    [InlineData("{ tags: { some: { name: { eq: \"\" } } } }", "")]
    [InlineData("{ tags: { any: true } }", "sea,forest,night")]
    [InlineData("{ tags: { any: false } }", "")]
    [InlineData("{ tags: { some: { source: { eq: OWNER }, confidence: { eq: null } } } }", "sea,forest,night")]
    [InlineData("{ tags: { some: { confidence: { gt: 0.5 } } } }", "")]
    [InlineData("{ and: [{ tags: { some: { name: { eq: \"water\" } } } }, { tags: { some: { name: { eq: \"beach\" } } } }] }", "sea")]
    [InlineData("{ or: [{ tags: { some: { name: { eq: \"beach\" } } } }, { tags: { some: { name: { eq: \"moon\" } } } }] }", "sea,night")]
    [InlineData("{ colors: { some: { name: { eq: TEAL } } } }", "sea")]
    [InlineData("{ colors: { some: { name: { in: [TEAL, BLACK] }, share: { gte: 0.6 } } } }", "sea")]
    [InlineData("{ colors: { some: { share: { gte: 0.7 } } } }", "sea")]
    [InlineData("{ colors: { none: { name: { eq: TEAL } } } }", "forest,night")]
    [InlineData("{ and: [{ color: { hex: \"#018281\", tolerance: 0.05 } }] }", "sea")]
    [InlineData("{ fileName: { endsWith: \".png\" } }", "forest")]
    [InlineData("{ fileName: { nendsWith: \".png\" } }", "sea,night")]
    [InlineData("{ fileName: { contains: \"_\" } }", "")]
    [InlineData("{ contentType: { eq: \"image/png\" } }", "forest")]
    [InlineData("{ contentType: { startsWith: \"image/\", neq: \"image/png\" } }", "sea,night")]
    [InlineData("{ width: { gte: 1000 }, height: { lt: 1000 } }", "sea")]
    [InlineData("{ width: { in: [1000, 20] } }", "sea")]
    [InlineData("{ width: { nin: [1000] } }", "forest,night")]
    [InlineData("{ width: { ngt: 400 } }", "forest,night")]
    [InlineData("{ orientation: { eq: SQUARE } }", "night")]
    [InlineData("{ isBlackAndWhite: { eq: true } }", "night")]
    [InlineData("{ isFavorite: { eq: true } }", "")]
    [InlineData("{ takenAt: { gte: \"2023-01-01T00:00:00+02:00\" } }", "sea")]
    [InlineData("{ takenAt: { eq: null } }", "forest,night")]
    [InlineData("{ takenAt: { ngt: \"2023-01-01T00:00:00Z\" } }", "forest,night")]
    [InlineData("{ uploadedAt: { lt: \"2000-01-01T00:00:00Z\" } }", "")]
    [InlineData("{ description: { eq: null } }", "sea,forest,night")]
    [InlineData("{ description: { ncontains: \"x\" } }", "sea,forest,night")]
    [InlineData("{ analysis: { status: { eq: PENDING } } }", "sea,forest,night")]
    [InlineData("{ analysis: { status: { neq: PENDING } } }", "")]
    [InlineData("{ analysis: { analyzer: { neq: null } } }", "")]
    [InlineData("{ deletedAt: { neq: null } }", "")]
    public async Task Where_finds_what_its_conditions_say(string where, string expected)
    {
        var owner = await LibraryAsync();

        var data = await owner.QueryAsync($"{{ images(where: {where}, order: [{{ uploadedAt: ASC }}]) {{ nodes {{ fileName }} totalCount facets {{ tags {{ name }} colors {{ name }} years {{ year }} }} }} }}");

        var names = data["images"]!["nodes"]!.AsArray().Select(n => ((string)n!["fileName"]!).Split('.')[0]).ToList();
        Assert.Equal(expected, string.Join(',', names));
        Assert.Equal(names.Count, (int)data["images"]!["totalCount"]!);
    }

    [Theory]
    [InlineData("{ fileName: { contains: null } }", "HC0026")]
    [InlineData("{ width: { eq: null } }", "HC0026")]
    [InlineData("{ width: { in: null } }", "HC0026")]
    [InlineData("{ tags: null }", "HC0026")]
    [InlineData("{ fileName: { eq: \"\\u0000\" } }", "HC0016")]
    [InlineData("{ tags: { some: { name: { contains: \"\\u0000\" } } } }", "HC0016")]
    [InlineData("{ tags: { some: { name: { startsWith: \"\\ufffe\" } } } }", "HC0016")]
    public async Task Where_names_a_value_that_it_can_not_compare(string where, string code)
    {
        var owner = await server.SignUpAsync();

        var response = await owner.SendAsync($"{{ images(where: {where}) {{ nodes {{ id }} }} me {{ userName }} }}");

        Assert.Equal(code, SchemaClient.Code(response));
        Assert.Equal("images", (string?)response["errors"]![0]!["path"]![0]);
        Assert.NotNull(response["data"]!["me"]);
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task Where_refuses_more_conditions_than_it_would_turn_into_sql()
    {
        var owner = await server.SignUpAsync();
        var where = new { or = Enumerable.Range(0, 500).Select(i => new { width = new { eq = i } }) };

        var response = await owner.SendAsync("query ($where: ImageFilterInput) { images(where: $where) { nodes { id } } }", new { where });

        Assert.Equal("HC0047", SchemaClient.Code(response));
    }

    [Fact]
    public async Task Facets_count_what_the_filter_leaves()
    {
        var owner = await LibraryAsync();

        var data = await owner.QueryAsync("""
            { all: images { totalCount facets { tags(first: 1) { name count } colors { name count } years { year count } } }
              some: images(where: { colors: { some: { name: { eq: TEAL } } } }) { totalCount facets { tags { name count } colors { name count } years { year count } } } }
            """);

        Assert.Equal("""{"tags":[{"name":"water","count":2}],"colors":[{"name":"BLACK","count":1},{"name":"GRAY","count":1},{"name":"TEAL","count":1}],"years":[{"year":2024,"count":2},{"year":2023,"count":1}]}""",
            data["all"]!["facets"]!.ToJsonString());
        Assert.Equal("""{"tags":[{"name":"beach","count":1},{"name":"water","count":1}],"colors":[{"name":"TEAL","count":1}],"years":[{"year":2023,"count":1}]}""",
            data["some"]!["facets"]!.ToJsonString());
    }

    [Fact]
    public async Task Search_finds_words_and_their_beginnings()
    {
        var owner = await LibraryAsync();

        Assert.Equal(["night.jpg"], await SearchAsync(owner, "moo"));
        Assert.Equal(["forest.png", "sea.jpg"], await SearchAsync(owner, "water"));
        Assert.Equal(["forest.png"], await SearchAsync(owner, "water -beach"));
        Assert.Equal(["night.jpg", "forest.png", "sea.jpg"], await SearchAsync(owner, "  "));
        var response = await owner.SendAsync("query ($s: String) { images(search: $s) { nodes { id } } }", new { s = new string('x', 2_000) });
        Assert.Equal("INVALID_TEXT", SchemaClient.Code(response));
    }

    private static async Task<IEnumerable<string>> SearchAsync(SchemaClient owner, string search) =>
        (await owner.QueryAsync("query ($search: String) { images(search: $search) { nodes { fileName } } }", new { search }))
        ["images"]!["nodes"]!.AsArray().Select(n => (string)n!["fileName"]!).ToList();

    private async Task<SchemaClient> LibraryAsync()
    {
        var owner = await server.SignUpAsync();
        var stranger = await server.SignUpAsync();
        var day = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await server.AddImageAsync(owner, new TestPicture { Width = 1000, Height = 500, TakenAt = Summer, Colors = new Dictionary<string, float> { ["#008080"] = 0.7f } }, "sea.jpg", day, "beach", "water");
        await server.AddImageAsync(owner, new TestPicture { Width = 300, Height = 400, Format = Domain.Pictures.ImageFormat.Png, Colors = new Dictionary<string, float> { ["#777777"] = 0.5f } }, "forest.png", day.AddDays(1), "tree", "water");
        await server.AddImageAsync(owner, new TestPicture { Width = 400, Height = 400, IsBlackAndWhite = true, Colors = new Dictionary<string, float> { ["#000000"] = 0.5f } }, "night.jpg", day.AddDays(2), "moon");
        await server.AddImageAsync(stranger, new TestPicture { Width = 1000, Colors = new Dictionary<string, float> { ["#008080"] = 0.9f } }, "other.jpg", day, "beach", "tree", "moon");
        return owner;
    }
}
