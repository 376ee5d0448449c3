using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Execution;

[Collection(SchemaServerCollection.Name)]
public sealed class CostTests(SchemaServer server)
{
    private const string Gallery = """
        query ($n: Int) {
          images(first: $n) {
            nodes {
              id fileName altText placeholder tags { name source } colors { hex name share }
              small: rendition(width: 320) { url } medium: rendition(width: 800) { url } large: rendition(width: 1600) { url }
            }
            pageInfo { hasNextPage endCursor } totalCount facets { tags { name count } colors { name count } years { year count } }
          }
          me { userName usage { bytes byteLimit } }
        }
        """;

    [Fact]
    public async Task A_hundred_images_with_all_that_a_gallery_shows_are_within_the_limit()
    {
        var owner = await server.SignUpAsync();

        await owner.QueryAsync(Gallery, new { n = 100 });
    }

    [Contract("E10")]
    [Fact]
    public async Task Lists_count_as_long_as_they_are_asked_for()
    {
        var owner = await server.SignUpAsync();
        var lists = string.Concat(Enumerable.Range(0, 5).Select(i => $"a{i}: images(first: $n) {{ nodes {{ tags {{ name }} }} }} "));

        var few = await owner.SendAsync($"query ($n: Int) {{ {lists} }}", new { n = 5 });
        using var many = await owner.PostAsync($"query ($n: Int) {{ {lists} }}", new { n = 100 });
        using var written = await owner.PostAsync($"query {{ {lists.Replace("$n", "100")} }}");
        using var byDefault = await owner.PostAsync($"query ($n: Int = 100) {{ {lists} }}");
        using var fromTheEnd = await owner.PostAsync($"{{ {lists.Replace("first: $n", "last: 100")} }}");

        Assert.False(few.ContainsKey("errors"));
        foreach (var response in (HttpResponseMessage[])[many, written, byDefault, fromTheEnd])
        {
            var body = await SchemaClient.ReadAsync(response);
            Assert.Equal((400, "HC0047", "The maximum allowed type cost was exceeded."), ((int)response.StatusCode, SchemaClient.Code(body), SchemaClient.Message(body)));
            // The root, and 5 connections, each with 100 images of 20 tags.
            Assert.Equal("""{"code":"HC0047","typeCost":10506,"maxTypeCost":10000}""", body["errors"]![0]!["extensions"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Fragments_count_wherever_they_are_spread()
    {
        var owner = await server.SignUpAsync();
        var spreads = string.Concat(Enumerable.Range(0, 15).Select(i => $"a{i}: images(first: 100) {{ edges {{ node {{ ...all ... on Image {{ width }} }} }} }} "));

        var response = await owner.SendAsync($"{{ {spreads} }} fragment all on Image {{ tags {{ name }} }}");

        Assert.Equal("HC0047", SchemaClient.Code(response));
    }

    [Fact]
    public async Task Fields_that_ask_the_database_cost_most()
    {
        var owner = await server.SignUpAsync();
        var totals = string.Concat(Enumerable.Range(0, 60).Select(i => $"a{i}: images(first: 1) {{ totalCount facets {{ tags(first: 1) {{ name }} colors {{ name }} years {{ year }} }} }} "));

        var response = await owner.SendAsync($"{{ {totals} }}");

        Assert.Equal("The maximum allowed field cost was exceeded.", SchemaClient.Message(response));
        Assert.Equal(60 * (10 + 10 + 1 + 10 + 10 + 10), (int)response["errors"]![0]!["extensions"]!["fieldCost"]!);
        Assert.Equal(1_000, (int)response["errors"]![0]!["extensions"]!["maxFieldCost"]!);
    }

    /// <summary>The same rules give the numbers that Hot Chocolate's own documentation and tests show for such operations.</summary>
    [Contract("H19", "S17")]
    [Theory]
    [InlineData("{ me { id } }", 10, 2)]
    [InlineData("{ images { nodes { fileName } } }", 11, 32)]
    [InlineData("{ images(first: 50) { nodes { fileName } } }", 11, 52)]
    [InlineData("{ images(first: 50) { edges { node { fileName exif { iso } } } } }", 111, 152)]
    [InlineData("{ images { pageInfo { hasNextPage } } }", 11, 3)]
    [InlineData("{ images(first: 1) { nodes { dominantColors } } }", 12, 3)]
    [InlineData("{ images(where: { width: { gt: 1 } }) { totalCount } }", 10 + 10 + 1 + 10 + 10, 2)]
    [InlineData("{ images(where: { or: [{ fileName: { contains: \"a\" } }, { fileName: { eq: \"b\", neq: \"c\" } }] }) { totalCount } }", 10 + 10 + 1 + 1 + 20 + 1 + 20 + 10, 2)]
    [InlineData("query ($w: ImageFilterInput = { fileName: { startsWith: \"a\" } }) { images(where: $w) { totalCount } }", 10 + 10 + 1 + 20 + 10, 2)]
    [InlineData("{ images(order: [{ fileName: ASC }, { byteSize: DESC }]) { totalCount } }", 10 + 10 + 20 + 10, 2)]
    [InlineData("{ images { totalCount } images { totalCount pageInfo { hasNextPage } } }", 21, 3)]
    [InlineData("{ node(id: \"x\") { id ... on User { userName usage { bytes } } ... on Image { exif { iso } } } }", 20, 3)]
    [InlineData("mutation { deleteImages(input: { ids: [] }) { deletedIds errors { ... on Error { message } } } }", 13, 3)]
    [InlineData("{ __schema { types { name } } }", 0, 1)]
    public async Task An_operation_tells_its_cost_instead_of_being_executed(string query, double field, double type)
    {
        var response = await AskAsync(server.Anonymous(), "validate", query);

        Assert.Equal(["extensions"], response.Select(p => p.Key));
        var cost = response["extensions"]!["operationCost"]!;
        Assert.Equal((field, type), ((double)cost["fieldCost"]!, (double)cost["typeCost"]!));
    }

    [Contract("H19")]
    [Fact]
    public async Task An_operation_tells_its_cost_beside_its_result_and_beside_the_refusal()
    {
        var owner = await server.SignUpAsync();
        var lists = string.Concat(Enumerable.Range(0, 15).Select(i => $"a{i}: images(first: 100) {{ nodes {{ tags {{ name }} }} }} "));

        var good = await AskAsync(owner, "report", "{ images { totalCount } }");
        var refused = await AskAsync(owner, "report", $"{{ {lists} }}");
        var told = await AskAsync(owner, "validate", $"{{ {lists} }}");
        var unasked = await AskAsync(owner, "nonsense", "{ images { totalCount } }");

        Assert.Equal("""{"data":{"images":{"totalCount":0}},"extensions":{"operationCost":{"fieldCost":20,"typeCost":2}}}""", good.ToJsonString());
        Assert.Equal("HC0047", SchemaClient.Code(refused));
        Assert.Equal(31516, (int)refused["extensions"]!["operationCost"]!["typeCost"]!);
        Assert.Equal(["extensions"], told.Select(p => p.Key));
        Assert.False(unasked.ContainsKey("extensions"));
    }

    [Fact]
    public async Task Conditions_count_as_variables_too()
    {
        var owner = await server.SignUpAsync();
        var where = new { or = Enumerable.Range(0, 40).Select(i => new { fileName = new { contains = $"{i}" } }) };

        var response = await AskAsync(owner, "validate", "query ($w: ImageFilterInput) { images(where: $w) { totalCount } }", new { w = where });

        Assert.Equal(10 + 10 + 1 + 40 * 21 + 10, (int)response["extensions"]!["operationCost"]!["fieldCost"]!);
    }

    [Fact]
    public async Task Nothing_is_executed_of_an_operation_over_the_limit()
    {
        var owner = await server.SignUpAsync();
        server.Log.Clear();
        var lists = string.Concat(Enumerable.Range(0, 15).Select(i => $"a{i}: images(first: 100) {{ nodes {{ tags {{ name }} }} }} "));

        JsonObject response = await owner.SendAsync($"{{ {lists} }}");

        Assert.False(response.ContainsKey("data"));
        Assert.Empty(server.Log.Statements);
    }

    [Fact]
    public async Task A_page_beyond_the_largest_is_named_as_such()
    {
        var owner = await server.SignUpAsync();

        var response = await owner.SendAsync(Gallery, new { n = int.MaxValue });

        Assert.Equal("HC0051", SchemaClient.Code(response));
    }

    [Contract("S17")]
    [Fact]
    public async Task Costs_are_in_the_schema()
    {
        var sdl = await server.Anonymous().Http.GetStringAsync("/graphql/sdl");

        Assert.Contains("ImagesConnection @cost(weight: \"10\") @listSize(assumedSize: 100, slicingArguments: [\"first\", \"last\"], slicingArgumentDefaultValue: 30, sizedFields: [\"edges\", \"nodes\"], requireOneSlicingArgument: false)", sdl);
        Assert.Contains("directive @cost(", sdl);
        Assert.Contains("directive @listSize(", sdl);
    }

    private static async Task<JsonObject> AskAsync(SchemaClient client, string header, string query, object? variables = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query, variables }), Headers = { { "GraphQL-Cost", header } } };
        using var response = await client.Http.SendAsync(request);
        return await SchemaClient.ReadAsync(response);
    }
}
