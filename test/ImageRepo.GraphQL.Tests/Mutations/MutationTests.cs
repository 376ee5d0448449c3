using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Mutations;

/// <summary>Mutations of images that are there, whichever store holds them.</summary>
public abstract class MutationTests(SchemaServer server)
{
    private const string Update = "mutation ($input: UpdateImageInput!) { updateImage(input: $input) { image { fileName altText description { text source } takenAt isFavorite } errors { __typename ... on Error { message } ... on InvalidTextError { field maxLength } } } }";
    private const string Tag = "mutation ($input: TagImagesInput!) { tagImages(input: $input) { images { tags { name source } } errors { __typename ... on InvalidTagError { tag } ... on TooManyTagsError { id maxTags } ... on ImageNotFoundError { id } ... on TooManyImagesError { maxImages } } } }";

    [Fact]
    public async Task Update_changes_what_is_named_and_null_clears()
    {
        var (owner, id) = await ImageAsync(new TestPicture { TakenAt = new DateTimeOffset(2020, 5, 17, 8, 30, 0, TimeSpan.Zero) });

        var set = await UpdateAsync(owner, new { id, altText = "Alt", description = " Two\nlines ", fileName = "new.jpg", takenAt = "1999-12-31T23:59:59.5+01:00", isFavorite = true });
        var kept = await UpdateAsync(owner, new { id, altText = "Other" });
        var cleared = await UpdateAsync(owner, new { id, altText = (string?)null, description = (string?)null, takenAt = (string?)null, isFavorite = (bool?)null });

        Assert.Equal("""{"fileName":"new.jpg","altText":"Alt","description":{"text":"Two\nlines","source":"OWNER"},"takenAt":"1999-12-31T22:59:59.5Z","isFavorite":true}""", set["image"]!.ToJsonString());
        Assert.Equal("""{"fileName":"new.jpg","altText":"Other","description":{"text":"Two\nlines","source":"OWNER"},"takenAt":"1999-12-31T22:59:59.5Z","isFavorite":true}""", kept["image"]!.ToJsonString());
        Assert.Equal("""{"fileName":"new.jpg","altText":null,"description":null,"takenAt":"2020-05-17T08:30:00Z","isFavorite":false}""", cleared["image"]!.ToJsonString());
    }

    [Theory]
    [InlineData("fileName", null, "fileName")]
    [InlineData("fileName", "a/b", "fileName")]
    [InlineData("altText", "\0", "altText")]
    [InlineData("description", "long", "description")]
    public async Task Update_names_a_text_that_can_not_be_kept(string field, string? text, string expected)
    {
        var (owner, id) = await ImageAsync();
        var input = new Dictionary<string, object?> { ["id"] = id, [field] = text == "long" ? new string('x', 20_000) : text };

        var payload = await UpdateAsync(owner, input);

        Assert.Null(payload["image"]);
        Assert.Equal("InvalidTextError", (string)payload["errors"]![0]!["__typename"]!);
        Assert.Equal(expected, (string)payload["errors"]![0]!["field"]!);
    }

    [Fact]
    public async Task Tags_are_put_on_and_taken_off_as_far_as_possible()
    {
        var (owner, id) = await ImageAsync(null, "old", "kept");

        var payload = (await owner.QueryAsync(Tag, new { input = new { ids = new[] { id, "garbage" }, add = new[] { " New  Tag", "", "new tag" }, remove = new[] { "OLD" } } }))["tagImages"]!;

        Assert.Equal(["kept", "new tag"], payload["images"]![0]!["tags"]!.AsArray().Select(t => (string)t!["name"]!).Order());
        Assert.Equal(["ImageNotFoundError", "InvalidTagError"], payload["errors"]!.AsArray().Select(e => (string)e!["__typename"]!));
        Assert.Equal("garbage", (string)payload["errors"]![0]!["id"]!);
        var found = await owner.QueryAsync("{ images(where: { tags: { some: { name: { eq: \"new tag\" } } } }) { totalCount } all: images { facets { tags { name } } } }");
        Assert.Equal(1, (int)found["images"]!["totalCount"]!);
        Assert.Equal(["kept", "new tag"], found["all"]!["facets"]!["tags"]!.AsArray().Select(t => (string)t!["name"]!));
    }

    [Fact]
    public async Task Five_thousand_tags_are_refused_by_name()
    {
        var (owner, id) = await ImageAsync();

        var payload = (await owner.QueryAsync(Tag, new { input = new { ids = new[] { id }, add = Enumerable.Range(0, 5_000).Select(i => $"tag{i}") } }))["tagImages"]!;

        Assert.Equal("TooManyTagsError", (string)payload["errors"]![0]!["__typename"]!);
        Assert.Equal(id, (string)payload["errors"]![0]!["id"]!);
        Assert.Equal(50, (int)payload["errors"]![0]!["maxTags"]!);
    }

    [Fact]
    public async Task More_images_than_a_call_may_name_are_refused()
    {
        var owner = await server.SignUpAsync();

        var payload = (await owner.QueryAsync(Tag, new { input = new { ids = Enumerable.Repeat("x", 101) } }))["tagImages"]!;

        Assert.Null(payload["images"]);
        Assert.Equal("""[{"__typename":"TooManyImagesError","maxImages":100}]""", payload["errors"]!.ToJsonString());
    }

    [Fact]
    public async Task Deleted_images_lie_in_the_trash_until_they_are_restored_or_gone()
    {
        var (owner, id) = await ImageAsync(null, "cat");

        var deleted = await owner.QueryAsync("mutation ($ids: [ID!]!) { deleteImages(input: { ids: $ids }) { deletedIds errors { __typename } } }", new { ids = new[] { id } });
        var trash = await owner.QueryAsync("{ images { totalCount nodes { id } } trash: images(where: { deletedAt: { neq: null } }) { totalCount nodes { id deletedAt tags { name } } } tagged: images(where: { tags: { some: { name: { eq: \"cat\" } } } }) { totalCount } }");
        var restored = await owner.QueryAsync("mutation ($ids: [ID!]!) { restoreImages(input: { ids: $ids }) { images { id deletedAt } errors { __typename } } }", new { ids = new[] { id } });
        var purged = await owner.QueryAsync("mutation ($ids: [ID!]!) { deleteImages(input: { ids: $ids, permanently: true }) { deletedIds errors { __typename } } }", new { ids = new[] { id } });
        var gone = await owner.QueryAsync("query ($id: ID!) { image(id: $id) { id } me { usage { imageCount bytes } } }", new { id });

        Assert.Equal(new JsonArray(id).ToJsonString(), deleted["deleteImages"]!["deletedIds"]!.ToJsonString());
        Assert.Null(deleted["deleteImages"]!["errors"]);
        Assert.Equal((0, 1, 0), ((int)trash["images"]!["totalCount"]!, (int)trash["trash"]!["totalCount"]!, (int)trash["tagged"]!["totalCount"]!));
        Assert.NotNull(trash["trash"]!["nodes"]![0]!["deletedAt"]);
        Assert.Null(restored["restoreImages"]!["images"]![0]!["deletedAt"]);
        Assert.Equal(id, (string)purged["deleteImages"]!["deletedIds"]![0]!);
        Assert.Equal("""{"image":null,"me":{"usage":{"imageCount":0,"bytes":0}}}""", gone.ToJsonString());
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task Mutations_of_one_request_run_one_after_the_other()
    {
        var (owner, id) = await ImageAsync();

        var data = await owner.QueryAsync("mutation ($id: ID!) { a: updateImage(input: { id: $id, altText: \"one\" }) { image { altText } } b: updateImage(input: { id: $id, altText: \"two\" }) { image { altText } } }", new { id });

        Assert.Equal("""{"a":{"image":{"altText":"one"}},"b":{"image":{"altText":"two"}}}""", data.ToJsonString());
    }

    private async Task<(SchemaClient Owner, string Id)> ImageAsync(TestPicture? picture = null, params string[] tags)
    {
        var owner = await server.SignUpAsync();
        return (owner, ImageType.IdOf((await server.AddImageAsync(owner, picture, tags: tags)).Id));
    }

    private static async Task<JsonNode> UpdateAsync(SchemaClient owner, object input) => (await owner.QueryAsync(Update, new { input }))["updateImage"]!;
}

[Collection(SchemaServerCollection.Name)]
public sealed class MutationOnFilesTests(SchemaServer server) : MutationTests(server);

[Collection(S3SchemaServerCollection.Name)]
[Trait("Category", "Full")]
public sealed class MutationOnS3Tests(S3SchemaServer server) : MutationTests(server);
