using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Mutations;

/// <summary>What clients see of repeated analysis. Nothing is analysed here, so every image still waits for its first.</summary>
[Collection(SchemaServerCollection.Name)]
public sealed class ReanalyzeTests(SchemaServer server)
{
    private const string Mutation = "mutation ($input: ReanalyzeImagesInput!) { reanalyzeImages(input: $input) { count errors { __typename ... on Error { message } ... on ImageNotFoundError { id } ... on TooManyImagesError { maxImages } } } }";

    [Fact]
    public async Task What_is_not_there_is_named_and_the_rest_done()
    {
        var owner = await server.SignUpAsync();
        var foreign = ImageType.IdOf((await server.AddImageAsync(await server.SignUpAsync())).Id);

        var payload = await ReanalyzeAsync(owner, new { ids = new[] { "garbage", foreign } });

        Assert.Equal(0, (int)payload["count"]!);
        Assert.Equal(["garbage", foreign], payload["errors"]!.AsArray().Select(e => (string)e!["id"]!));
        Assert.All(payload["errors"]!.AsArray(), e => Assert.Equal("There is no image with this id in your library.", (string)e!["message"]!));
    }

    [Fact]
    public async Task More_images_than_a_call_may_name_are_refused()
    {
        var payload = await ReanalyzeAsync(await server.SignUpAsync(), new { ids = Enumerable.Repeat("x", 101) });

        Assert.Null(payload["count"]);
        Assert.Equal(("TooManyImagesError", 100), ((string)payload["errors"]![0]!["__typename"]!, (int)payload["errors"]![0]!["maxImages"]!));
    }

    [Theory]
    [InlineData("""{ "ids": [] }""")]
    [InlineData("""{ }""")]
    [InlineData("""{ "ids": null, "analyzedBefore": null }""")]
    [InlineData("""{ "all": true }""")]
    [InlineData("""{ "analyzedBefore": "9999-12-31T23:59:59.999Z", "outdated": true }""")]
    [InlineData("""{ "analyzedBefore": "0001-01-01T00:00:00Z" }""")]
    [InlineData("""{ "all": true, "dryRun": true }""")]
    public async Task Nothing_to_do_is_none_and_no_error(string input)
    {
        var owner = await server.SignUpAsync();
        await server.AddImageAsync(owner); // waits for its first analysis anyway

        var payload = await ReanalyzeAsync(owner, JsonNode.Parse(input)!);

        Assert.Equal("""{"count":0,"errors":null}""", payload.ToJsonString());
        Assert.Null((await owner.QueryAsync("{ me { reanalysis { total remaining requestedAt } } }"))["me"]!["reanalysis"]);
    }

    private static async Task<JsonNode> ReanalyzeAsync(SchemaClient client, object input) => (await client.QueryAsync(Mutation, new { input }))["reanalyzeImages"]!;
}
