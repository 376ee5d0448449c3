using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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

    [Fact]
    public async Task Of_more_matches_than_are_counted_the_total_says_so()
    {
        var owner = await server.SignUpAsync();
        var image = await server.AddImageAsync(owner, fileName: "one of many.jpg");
        const string Document = "{ images(where: { fileName: { eq: \"one of many.jpg\" } }) { totalCount totalCountIsExact } }";

        await CopyAsync(image, ImageTotals.Limit - 1);
        Assert.Equal("""{"totalCount":10000,"totalCountIsExact":true}""", (await owner.QueryAsync(Document))["images"]!.ToJsonString());

        await CopyAsync(image, 1);
        Assert.Equal("""{"totalCount":10000,"totalCountIsExact":false}""", (await owner.QueryAsync(Document))["images"]!.ToJsonString());
    }

    /// <summary>Rows alone, of every column that is not computed.</summary>
    private async Task CopyAsync(Image image, int times)
    {
        var copy = $"""
            do $$
            begin
                execute (select format('insert into image (id, content_hash, %1$s) select gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), %1$s from image, generate_series(1, {times}) where id = ''{image.Id.Value}''',
                        string_agg(quote_ident(column_name), ', '))
                    from information_schema.columns where table_name = 'image' and is_generated = 'NEVER' and column_name not in ('id', 'content_hash'));
            end $$
            """;
        await using var scope = server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Database.ExecuteSqlRawAsync(copy);
    }

    [Contract("T4")]
    [Fact]
    public async Task Totals_and_facets_are_statements_of_their_own_when_they_are_asked_for()
    {
        var owner = await server.SignUpAsync();
        await server.AddImageAsync(owner, tags: ["cat"]);

        Assert.Equal(1, await StatementsAsync("{ images { nodes { id } pageInfo { hasNextPage } } }"));
        Assert.Equal(2, await StatementsAsync("{ images { nodes { id } totalCount totalCountIsExact } }"));
        Assert.Equal(4, await StatementsAsync("{ images { nodes { id } facets { tags { name } colors { name } years { year } } } }"));
        // A tag is looked up by its name first.
        Assert.Equal(2, await StatementsAsync("{ images(where: { tags: { some: { name: { eq: \"cat\" } } } }) { nodes { tags { name } colors { hex } original { url } } } }"));

        async Task<int> StatementsAsync(string document)
        {
            server.Log.Clear();
            await owner.QueryAsync(document);
            return server.Log.Statements.Count;
        }
    }

    [Theory]
    [InlineData("{ images { nodes { fileName } } }", "id,file_name")]
    [InlineData("{ images { edges { node { altText } } } }", "id,owner_alt_text,owner_description,analyzer_description,analyzer_description_confidence")]
    [InlineData("{ images { ...List } } fragment List on ImagesConnection { nodes { ...Shown ... on Image { w: width } ... on Node { id } } } fragment Shown on Image { __typename contentType }", "id,format,width")]
    [InlineData("{ images { nodes { width } } images { edges { node { height } } } }", "id,width,height")]
    [InlineData("{ images(order: [{ takenAt: DESC }, { byteSize: ASC }]) { nodes { id } } }", "id,byte_size,taken_at")]
    [InlineData("{ images { nodes { tags { name } rendition { width } } } }", "id,owner_id,width,height,renditions,tags")]
    [InlineData("{ images(where: { tags: { some: { name: { in: [\"cat\", \"dog\"] } } } }) { nodes { id } } }", "id")]
    [InlineData("{ images(where: { color: { hex: \"#008080\" } }) { nodes { fileName } } }", "id,file_name,distance")]
    [InlineData("query ($id: ID!) { node(id: $id) { id ... on Image { width } } image(id: $id) { height } }", "id,width,height")]
    [InlineData("query ($id: ID!) { nodes(ids: [$id]) { ... on Image { isFavorite } } }", "id,is_favorite")]
    public async Task A_list_reads_the_columns_that_are_shown_and_no_others(string document, string columns)
    {
        var owner = await server.SignUpAsync();
        var image = await server.AddImageAsync(owner, new TestPicture { Colors = new Dictionary<string, float> { ["#008080"] = 0.5f } }, tags: ["cat", "dog"]);
        server.Log.Clear();

        await owner.QueryAsync(document, document.Contains("$id", StringComparison.Ordinal) ? new { id = ImageType.IdOf(image.Id) } : null);

        var shown = server.Log.Statements[^1].Split("SELECT", 2)[1].Split("FROM")[0].Split(',').Select(c => c.Trim().Split(' ')[0].Split('.')[^1].Trim('"').ToLowerInvariant());
        Assert.Equal(columns.Split(',').Order(), shown.Order());
    }

    [Fact]
    public async Task Each_field_shows_the_same_alone_and_among_all_others()
    {
        var owner = await server.SignUpAsync();
        var picture = new TestPicture { TakenAt = DateTimeOffset.UtcNow.AddYears(-1), Colors = new Dictionary<string, float> { ["#008080"] = 0.5f, ["#FF0000"] = 0.25f } };
        await server.AddImageAsync(owner, picture, "cat.jpg", tags: ["cat"]);
        var image = (await owner.QueryAsync("{ images { nodes { id } } }"))["images"]!["nodes"]![0]!;
        await owner.QueryAsync("mutation ($id: ID!) { updateImage(input: { id: $id, altText: \"alt\", description: \"A cat\", isFavorite: true }) { image { id } } }", new { id = (string)image["id"]! });
        var type = await owner.QueryAsync("{ __type(name: \"Image\") { fields { name type { kind ofType { kind name ofType { name ofType { name } } } } } } }");
        var parts = new Dictionary<string, string>
        {
            ["exif"] = "{ make takenAt location { latitude } }",
            ["colors"] = "{ hex name share }",
            ["description"] = "{ text source }",
            ["tags"] = "{ name source }",
            ["objects"] = "{ name }",
            ["text"] = "{ text confidence }",
            ["analysis"] = "{ status attempts }",
            ["original"] = "{ url width height }",
            ["rendition"] = "{ url width height }",
            ["similar"] = "{ similarity image { id } }",
        };
        var fields = type["__type"]!["fields"]!.AsArray().Select(f => (string)f!["name"]!).ToList();
        var selections = fields.Select(f => $"{f} {parts.GetValueOrDefault(f)}").ToList();

        var all = await owner.QueryAsync("{ all: images(first: 1) { nodes { " + string.Join(' ', selections) + " } } "
            + string.Concat(selections.Select((s, i) => $"one{i}: images(first: 1) {{ nodes {{ {s} }} }} ")) + "}");

        Assert.True(fields.Count > 20);
        Assert.All(fields.Index(), f => Assert.Equal(
            all["all"]!["nodes"]![0]![f.Item]?.ToJsonString(), all[$"one{f.Index}"]!["nodes"]![0]![f.Item]?.ToJsonString()));
    }

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
