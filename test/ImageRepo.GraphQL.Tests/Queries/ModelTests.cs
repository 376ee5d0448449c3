using System.Text.Json.Nodes;
using CsCheck;
using ImageRepo.GraphQL.Tests.Hosting;

namespace ImageRepo.GraphQL.Tests.Queries;

/// <summary>Lists of random libraries against the plainest code that says what they should hold.</summary>
[Collection(SchemaServerCollection.Name)]
public sealed class ModelTests(SchemaServer server)
{
    private const string Query = """
        query ($search: String, $where: ImageFilterInput, $order: [ImageSortInput!], $first: Int, $after: String, $last: Int, $before: String) {
          images(search: $search, where: $where, order: $order, first: $first, after: $after, last: $last, before: $before) {
            nodes { id } pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
          }
        }
        """;

    [Fact]
    public void Any_three_filters_find_what_plain_code_finds() => Check(libraries: 2, queries: 15);

    [Fact]
    [Trait("Category", "Full")]
    public void Any_three_filters_find_what_plain_code_finds_a_thousand_times() => Check(libraries: 20, queries: 60);

    [Theory]
    [InlineData(null, 3)]
    [InlineData("fileName", 4)]
    [InlineData("takenAt", 5)]
    public async Task No_older_image_is_skipped_or_repeated_while_others_arrive(string? orderBy, int pageSize)
    {
        var owner = await server.SignUpAsync();
        var older = await AddAsync(owner, ModelImage.Any.Array[30].Single());
        var query = new ModelQuery(null, ModelFilter.None, orderBy, IsDescending: false, pageSize);
        using var done = new CancellationTokenSource();
        var arriving = Task.Run(async () =>
        {
            var count = 0;
            while (!done.IsCancellationRequested && count < 200)
            {
                await ModelImage.Any.Single().AddAsync(server, owner);
                count++;
            }
            return count;
        });

        var forward = await WalkAsync(owner, query, isBackward: false);
        var backward = await WalkAsync(owner, query, isBackward: true);
        await done.CancelAsync();
        var arrived = await arriving;

        var known = older.Select(i => i.NodeId).ToHashSet();
        var expected = query.Find(older);
        Assert.True(arrived > 0);
        Assert.Equal(expected, forward.Where(known.Contains));
        Assert.Equal(expected, backward.Where(known.Contains));
        Assert.Equal(forward.Count, forward.Distinct().Count());
        Assert.Equal(backward.Count, backward.Distinct().Count());
    }

    private void Check(int libraries, int queries) => Gen.Select(ModelImage.Any.Array[0, 25], ModelQuery.Any.Array[queries]).Sample(
        (images, cases) => Task.Run(() => CheckAsync(images, cases)).GetAwaiter().GetResult(), iter: libraries, threads: 1);

    private async Task CheckAsync(ModelImage[] images, ModelQuery[] cases)
    {
        var owner = await server.SignUpAsync();
        await AddAsync(owner, images);
        foreach (var query in cases)
        {
            var expected = string.Join('\n', query.Find(images));
            Assert.True(expected == string.Join('\n', await WalkAsync(owner, query, isBackward: false)), $"Forward, {query}");
            Assert.True(expected == string.Join('\n', await WalkAsync(owner, query, isBackward: true)), $"Backward, {query}");
        }
    }

    private async Task<ModelImage[]> AddAsync(SchemaClient owner, ModelImage[] images)
    {
        foreach (var image in images)
        {
            await image.AddAsync(server, owner);
        }
        return images;
    }

    private static async Task<List<string>> WalkAsync(SchemaClient owner, ModelQuery query, bool isBackward)
    {
        List<string> found = [];
        string? cursor = null;
        do
        {
            var variables = new Dictionary<string, object?>
            {
                ["search"] = query.Search,
                ["where"] = query.Filter.Where,
                ["order"] = query.Order,
                [isBackward ? "last" : "first"] = query.PageSize,
                [isBackward ? "before" : "after"] = cursor,
            };
            var page = (await owner.QueryAsync(Query, variables))["images"]!;
            var ids = page["nodes"]!.AsArray().Select(n => (string)n!["id"]!);
            found.InsertRange(isBackward ? 0 : found.Count, ids);
            cursor = NextCursor(page["pageInfo"]!, isBackward);
        }
        while (cursor is not null && found.Count < 1_000);
        return found;
    }

    private static string? NextCursor(JsonNode info, bool isBackward) => (bool)info[isBackward ? "hasPreviousPage" : "hasNextPage"]!
        ? (string)info[isBackward ? "startCursor" : "endCursor"]!
        : null;
}
