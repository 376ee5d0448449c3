using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Nodes;

[Collection(SchemaServerCollection.Name)]
public sealed class NodeTests(SchemaServer server)
{
    [Fact]
    public async Task Everything_of_the_caller_is_found_by_its_id()
    {
        var owner = await server.SignUpAsync();
        var image = ImageType.IdOf((await server.AddImageAsync(owner, fileName: "mine.jpg")).Id);
        var me = (string)(await owner.QueryAsync("{ me { id } }"))["me"]!["id"]!;

        var data = await owner.QueryAsync("query ($image: ID!, $ids: [ID!]!) { node(id: $image) { id ... on Image { fileName } } nodes(ids: $ids) { __typename id } image(id: $image) { fileName } }",
            new { image, ids = new[] { me, image, "garbage", image } });

        Assert.Equal("mine.jpg", (string)data["node"]!["fileName"]!);
        Assert.Equal("mine.jpg", (string)data["image"]!["fileName"]!);
        Assert.Equal(new string?[] { "User", "Image", null, "Image" }, data["nodes"]!.AsArray().Select(n => (string?)n?["__typename"]));
    }

    [Contract("S13")]
    [Fact]
    public async Task Nothing_of_a_stranger_is_found_by_any_id()
    {
        var owner = await server.SignUpAsync();
        var stranger = await server.SignUpAsync();
        var image = await server.AddImageAsync(owner, tags: ["secret"]);
        var ids = new[] { ImageType.IdOf(image.Id), GlobalId.Encode("User", owner.Owner.Value), GlobalId.Encode("User", image.Id.Value), GlobalId.Encode("Nothing", image.Id.Value), image.Id.ToString(), "", "é" };

        var data = await stranger.QueryAsync("query ($ids: [ID!]!) { nodes(ids: $ids) { id } images { totalCount nodes { id } facets { tags { name } colors { name } years { year } } } }", new { ids });
        foreach (var id in ids)
        {
            var one = await stranger.QueryAsync("query ($id: ID!) { image(id: $id) { id } node(id: $id) { id } }", new { id });
            Assert.Equal("""{"image":null,"node":null}""", one.ToJsonString());
        }
        var changed = await stranger.QueryAsync("mutation ($ids: [ID!]!, $id: ID!) { deleteImages(input: { ids: $ids, permanently: true }) { deletedIds errors { ... on ImageNotFoundError { id message } } } updateImage(input: { id: $id, fileName: \"x\" }) { image { id } errors { __typename } } }",
            new { ids, id = ids[0] });

        Assert.All(data["nodes"]!.AsArray(), Assert.Null);
        Assert.Equal("""{"totalCount":0,"nodes":[],"facets":{"tags":[],"colors":[],"years":[]}}""", data["images"]!.ToJsonString());
        Assert.Equal(ids.Order(), changed["deleteImages"]!["errors"]!.AsArray().Select(e => (string)e!["id"]!).Order());
        Assert.Equal("""{"image":null,"errors":[{"__typename":"ImageNotFoundError"}]}""", changed["updateImage"]!.ToJsonString());
        Assert.NotNull((await owner.QueryAsync("query ($id: ID!) { image(id: $id) { id } }", new { id = ids[0] }))["image"]);
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task More_nodes_than_a_statement_should_fetch_are_refused()
    {
        var owner = await server.SignUpAsync();

        var response = await owner.SendAsync("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = Enumerable.Repeat("x", 101) });

        Assert.Equal("HC0076", SchemaClient.Code(response));
    }
}
