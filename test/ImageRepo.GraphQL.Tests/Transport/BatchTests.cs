using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class BatchTests(SchemaServer server)
{
    [Contract("H18")]
    [Fact]
    public async Task Requests_are_answered_in_their_order_and_each_sees_what_came_before()
    {
        var owner = await server.SignUpAsync();
        await server.AddImageAsync(owner, fileName: "before.jpg");
        var image = (string)Nodes(await owner.QueryAsync("{ images { nodes { id } } }"))[0]!["id"]!;
        const string read = "query ($id: ID!) { image(id: $id) { fileName } }";

        using var response = await owner.Http.PostAsJsonAsync("/graphql", new object[]
        {
            new { query = read, variables = new { id = image } },
            new { query = "mutation ($id: ID!) { updateImage(input: { id: $id, fileName: \"after.jpg\" }) { image { fileName } } }", variables = new { id = image } },
            new { query = "{ nope }" },
            new { query = read, variables = new { id = image } },
            new { query = "subscription { imageChanged { kind } }" },
        });
        var answers = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray();

        Assert.Equal((200, "application/json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(5, answers.Count);
        Assert.Equal("before.jpg", (string?)answers[0]!["data"]!["image"]!["fileName"]);
        Assert.Equal("after.jpg", (string?)answers[1]!["data"]!["updateImage"]!["image"]!["fileName"]);
        Assert.NotNull(answers[2]!["errors"]);
        Assert.Equal("after.jpg", (string?)answers[3]!["data"]!["image"]!["fileName"]);
        Assert.Equal("HC0063", SchemaClient.Code(answers[4]!.AsObject()));
    }

    [Contract("H18")]
    [Fact]
    public async Task A_batch_has_a_length_and_the_budget_of_one_request()
    {
        var http = server.Anonymous().Http;
        var light = "{ me { id } }";

        Assert.Equal((200, null), await SendAsync([.. Enumerable.Repeat(light, 10)]));
        Assert.Equal((400, "HC0009"), await SendAsync([.. Enumerable.Repeat(light, 11)]));
        Assert.Equal((400, "HC0047"), await SendAsync([.. Enumerable.Range(0, 10).Select(i => Plain(110, i))]));
        Assert.Equal((400, "HC0047"), await SendAsync([.. Enumerable.Range(0, 10).Select(i => $"{{ me {{ id }} }} #{i}{new string('x', 8_000)}")]));
        Assert.Equal((400, "HC0047"), await SendAsync([.. Enumerable.Range(0, 10).Select(_ => $"{{ {Many(25, i => $"a{i}: __typename ")}}}")]));
        Assert.Equal((400, "HC0047"), await SendAsync([.. Enumerable.Range(0, 10).Select(_ => $"{{ me {{ {Many(11, i => $"a{i}: id @include(if: true) ")}}} }}")]));
        Assert.Equal((400, "HC0047"), await SendAsync([.. Enumerable.Range(0, 10).Select(_ => $"{{ nodes(ids: [{Many(120, _ => "1 ")}]) {{ id }} }}")]));
        // Not valid either, which to find out would cost as much for each as for one.
        Assert.Equal((400, "HC0047"), await SendAsync([.. Enumerable.Range(0, 10).Select(_ => $"{{ {Many(150, i => $"nope{i} ")}}}")]));
        Assert.Empty(server.Log.Errors);

        static string Many(int count, Func<int, string> part) => string.Concat(Enumerable.Range(0, count).Select(part));

        static string Plain(int fields, int salt) => $"query q{salt} {{ me {{ {string.Concat(Enumerable.Range(0, fields / 10).Select(_ => "...f "))} }} }} fragment f on User {{ {string.Concat(Enumerable.Repeat("id ", 10))} }}";

        async Task<(int, string?)> SendAsync(string[] queries)
        {
            using var response = await http.PostAsJsonAsync("/graphql", queries.Select(query => new { query }));
            var text = await response.Content.ReadAsStringAsync();
            return ((int)response.StatusCode, text.StartsWith('[') ? null : SchemaClient.Code(JsonNode.Parse(text)!.AsObject()));
        }
    }

    [Contract("H18", "E10")]
    [Theory]
    [InlineData("field", "{ a: images { totalCount } b: images { totalCount } c: images { totalCount } d: images { totalCount } e: images { totalCount } f: images { totalCount } }", 8)]
    [InlineData("type", "{ images(first: 100) { nodes { tags { name } } } }", 4)]
    public async Task A_batch_costs_what_its_operations_cost_together(string kind, string query, int most)
    {
        var owner = await server.SignUpAsync();

        using var good = await SendAsync(most);
        using var refused = await SendAsync(most + 1);
        var body = await SchemaClient.ReadAsync(refused);

        Assert.StartsWith("[{\"data\"", await good.Content.ReadAsStringAsync());
        Assert.Equal((400, "HC0047", $"The maximum allowed {kind} cost was exceeded."), ((int)refused.StatusCode, SchemaClient.Code(body), SchemaClient.Message(body)));

        Task<HttpResponseMessage> SendAsync(int count) => owner.Http.PostAsJsonAsync("/graphql", Enumerable.Repeat(new { query }, count));
    }

    private static JsonArray Nodes(JsonObject data) => data["images"]!["nodes"]!.AsArray();
}
