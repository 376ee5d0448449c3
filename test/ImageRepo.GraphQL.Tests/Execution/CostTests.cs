using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;

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

    [Fact]
    public async Task Lists_count_as_long_as_they_are_asked_for()
    {
        var owner = await server.SignUpAsync();
        var lists = string.Concat(Enumerable.Range(0, 15).Select(i => $"a{i}: images(first: $n) {{ nodes {{ tags {{ name }} }} }} "));

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
            // 15 connections, each with 100 images of 20 tags.
            Assert.Equal("""{"code":"HC0047","typeCost":31515,"maxTypeCost":20000}""", body["errors"]![0]!["extensions"]!.ToJsonString());
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

    [Fact]
    public async Task Costs_are_in_the_schema()
    {
        var sdl = await server.Anonymous().Http.GetStringAsync("/graphql/sdl");

        Assert.Contains("ImagesConnection @cost(weight: \"10\") @listSize(assumedSize: 100, slicingArguments: [\"first\", \"last\"], slicingArgumentDefaultValue: 30, sizedFields: [\"edges\", \"nodes\"], requireOneSlicingArgument: false)", sdl);
        Assert.Contains("directive @cost(", sdl);
        Assert.Contains("directive @listSize(", sdl);
    }
}
