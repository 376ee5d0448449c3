using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageRepo.Domain.Colors;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Queries;

[Collection(SchemaServerCollection.Name)]
public sealed class PagingTests(SchemaServer server)
{
    [Theory]
    [InlineData("")]
    [InlineData(", order: [{ fileName: ASC }]")]
    [InlineData(", order: [{ fileName: DESC }]")]
    [InlineData(", order: [{ takenAt: ASC }, { byteSize: DESC }]")]
    [InlineData(", order: [{ takenAt: DESC }]")]
    [InlineData(", order: [{ byteSize: ASC }]")]
    [InlineData(", order: [{ uploadedAt: DESC }]")]
    [InlineData(", where: { tags: { some: { name: { in: [\"even\", \"odd\", \"all\"] } } } }")]
    [InlineData(", where: { or: [{ tags: { some: { name: { eq: \"even\" } } } }, { tags: { some: { name: { in: [\"odd\", \"none\"] } } } }] }")]
    [InlineData(", where: { tags: { some: { name: { in: [\"even\", \"odd\"] } } } }, order: [{ takenAt: ASC }]")]
    [InlineData(", where: { color: { hex: \"#008080\", tolerance: 0.5, minShare: 0 } }")]
    public async Task Pages_show_every_image_once_in_both_directions(string arguments)
    {
        var owner = await LibraryAsync(11);

        var all = Names(await owner.QueryAsync($"{{ images(first: 100{arguments}) {{ nodes {{ fileName id }} }} }}"));
        var forward = await WalkAsync(owner, arguments, "first", "after", "endCursor", "hasNextPage");
        var backward = await WalkAsync(owner, arguments, "last", "before", "startCursor", "hasPreviousPage");

        Assert.Equal(11, all.Distinct().Count());
        Assert.Equal(all, forward.SelectMany(page => page));
        Assert.Equal(all, Enumerable.Reverse(backward).SelectMany(page => page));
        Assert.Equal([4, 4, 3], forward.Select(page => page.Count));
    }

    [Fact]
    public async Task A_page_follows_its_cursor_while_images_are_added()
    {
        var owner = await LibraryAsync(6);
        var all = Names(await owner.QueryAsync("{ images { nodes { fileName id } } }"));
        var first = await owner.QueryAsync("{ images(first: 3) { nodes { fileName id } pageInfo { endCursor } } }");

        await server.AddImageAsync(owner, fileName: "new.jpg");
        var second = await owner.QueryAsync("query ($after: String) { images(first: 3, after: $after) { nodes { fileName id } pageInfo { hasNextPage hasPreviousPage } } }",
            new { after = (string)first["images"]!["pageInfo"]!["endCursor"]! });

        Assert.Equal(all.Skip(3), Names(second));
        Assert.False((bool)second["images"]!["pageInfo"]!["hasNextPage"]!);
        Assert.True((bool)second["images"]!["pageInfo"]!["hasPreviousPage"]!);
    }

    [Contract("S9", "S10")]
    [Theory]
    [InlineData("first: 101", "HC0051")]
    [InlineData("last: 1000", "HC0051")]
    [InlineData("first: -1", "HC0079")]
    [InlineData("after: \"garbage!\"", "HC0078")]
    [InlineData("after: \"\"", "HC0078")]
    [InlineData("before: \"W10\"", "HC0078")]
    [InlineData("before: \"WyJpZC0iLCJub3QtYW4taWQiXQ\"", "HC0078")]
    [InlineData("before: \"eyJpZCI6MX0\"", "HC0078")]
    public async Task Paging_arguments_out_of_bounds_are_named(string argument, string code)
    {
        var owner = await server.SignUpAsync();

        var response = await owner.SendAsync($"{{ images({argument}) {{ nodes {{ id }} }} }}");

        Assert.Equal(code, SchemaClient.Code(response));
        if (argument == "first: 101")
        {
            Assert.Equal("""{"code":"HC0051","requestedItems":101,"maxAllowedItems":100}""", response["errors"]![0]!["extensions"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task A_cursor_of_one_order_is_none_of_another()
    {
        var owner = await LibraryAsync(2);
        var page = await owner.QueryAsync("{ images(first: 1, order: [{ fileName: ASC }]) { pageInfo { endCursor } } }");

        var response = await owner.SendAsync("query ($after: String) { images(after: $after) { nodes { id } } }", new { after = (string)page["images"]!["pageInfo"]!["endCursor"]! });

        Assert.Equal("HC0078", SchemaClient.Code(response));
    }

    [Fact]
    public async Task A_page_of_none_is_empty()
    {
        var owner = await LibraryAsync(2);

        var data = await owner.QueryAsync("{ images(first: 0) { nodes { id } edges { cursor } pageInfo { startCursor endCursor } totalCount } }");

        Assert.Equal("""{"nodes":[],"edges":[],"pageInfo":{"startCursor":null,"endCursor":null},"totalCount":2}""", data["images"]!.ToJsonString());
    }

    [Fact]
    public async Task The_nearest_and_largest_colours_come_first_unless_ordered()
    {
        var owner = await server.SignUpAsync();
        await AddAsync("large.jpg", ("#008080", 0.8f), ("#FF0000", 0.2f));
        await AddAsync("small.jpg", ("#008080", 0.2f), ("#108888", 0.8f));
        await AddAsync("near.jpg", ("#108888", 0.8f));
        await AddAsync("tiny.jpg", ("#008080", 0.01f));
        await AddAsync("far.jpg", ("#FF0000", 1f));

        var ranked = Names(await owner.QueryAsync("{ images(where: { color: { hex: \"#008080\" } }) { nodes { fileName } totalCount } }"));
        var ordered = Names(await owner.QueryAsync("{ images(where: { color: { hex: \"#008080\" } }, order: [{ fileName: DESC }]) { nodes { fileName } } }"));
        var exact = Names(await owner.QueryAsync("{ images(where: { color: { hex: \"#008080\", tolerance: 0, minShare: 0 }, fileName: { neq: \"small.jpg\" } }) { nodes { fileName } } }"));

        Assert.Equal("large.jpg", ranked[0]);
        Assert.Equal(["large.jpg", "near.jpg", "small.jpg"], ranked.Order());
        Assert.Equal(["small.jpg", "near.jpg", "large.jpg"], ordered);
        Assert.Equal(["large.jpg", "tiny.jpg"], exact);

        Task AddAsync(string name, params (string Hex, float Share)[] colors) =>
            server.AddImageAsync(owner, new TestPicture { Colors = colors.ToDictionary(c => c.Hex, c => c.Share) }, name);
    }

    /// <summary>More colours than the first steps along the index reach, and images far apart among them.</summary>
    [Fact]
    public async Task Images_are_ranked_alike_however_far_the_colours_are_walked()
    {
        const int NameCount = 40;
        var owner = await server.SignUpAsync();
        var random = new Random(7);
        List<(string Name, string Id, Oklab Lab, float Share)> library = [];
        for (var i = 0; i < 420; i++)
        {
            var (hex, share) = (new HexColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)), 0.2f + i % 4 * 0.2f);
            var image = await server.AddImageAsync(owner, new TestPicture { Colors = new Dictionary<string, float> { [hex.ToString()] = share } }, $"{i % NameCount}.jpg");
            library.Add(($"{i % NameCount}.jpg", ImageType.IdOf(image.Id), Oklab.From(hex), share));
        }

        foreach (var (sought, tolerance, minShare, oneOf) in new[] { ("#008080", 2.0, 0, 1), ("#008080", 2.0, 0, NameCount), ("#20A060", 0.12, 0.3, 1), ("#20A060", 0.12, 0.3, 7) })
        {
            var target = Oklab.From(HexColor.Parse(sought));
            var names = Enumerable.Range(0, NameCount).Where(n => n % oneOf == 0).Select(n => $"{n}.jpg").ToList();
            var expected = library
                .Where(i => names.Contains(i.Name) && i.Lab.DistanceTo(target) <= tolerance && i.Share >= minShare)
                .OrderBy(i => Math.Sqrt(Math.Pow(i.Lab.DistanceTo(target), 2) + Math.Pow(0.15 * (1 - i.Share), 2)))
                .Select(i => i.Name + i.Id).ToList();
            var arguments = string.Create(CultureInfo.InvariantCulture,
                $", where: {{ color: {{ hex: \"{sought}\", tolerance: {tolerance}, minShare: {minShare} }}, fileName: {{ in: {JsonSerializer.Serialize(names)} }} }}");

            var forward = await WalkAsync(owner, arguments, "first", "after", "endCursor", "hasNextPage", pageSize: 50);
            var backward = await WalkAsync(owner, arguments, "last", "before", "startCursor", "hasPreviousPage", pageSize: 50);

            Assert.NotEmpty(expected);
            Assert.Equal(expected, forward.SelectMany(page => page));
            Assert.Equal(expected, Enumerable.Reverse(backward).SelectMany(page => page));
        }
    }

    private static async Task<List<List<string>>> WalkAsync(SchemaClient owner, string arguments, string size, string beyond, string cursorField, string moreField, int pageSize = 4)
    {
        List<List<string>> pages = [];
        string? cursor = null;
        do
        {
            var data = await owner.QueryAsync($"query ($c: String) {{ images({size}: {pageSize}, {beyond}: $c{arguments}) {{ nodes {{ fileName id }} pageInfo {{ {cursorField} {moreField} }} }} }}", new { c = cursor });
            pages.Add(Names(data));
            var info = data["images"]!["pageInfo"]!;
            cursor = (bool)info[moreField]! ? (string)info[cursorField]! : null;
        }
        while (cursor is not null && pages.Count < 20);
        return pages;
    }

    private static List<string> Names(JsonObject data) => [.. data["images"]!["nodes"]!.AsArray().Select(n => (string)n!["fileName"]! + n["id"])];

    /// <summary>Names, times and colours repeat, so that the tie-break decides.</summary>
    private async Task<SchemaClient> LibraryAsync(int count)
    {
        var owner = await server.SignUpAsync();
        for (var i = 0; i < count; i++)
        {
            var picture = new TestPicture
            {
                TakenAt = i % 3 == 0 ? null : new DateTimeOffset(2020 + i % 2, 1, 1, 0, 0, 0, TimeSpan.Zero),
                Colors = new Dictionary<string, float> { ["#008080"] = 0.1f + i % 3 * 0.1f },
            };
            await server.AddImageAsync(owner, picture, $"{i % 4}.jpg", tags: ["all", i % 2 == 0 ? "even" : "odd"]);
        }
        return owner;
    }
}
