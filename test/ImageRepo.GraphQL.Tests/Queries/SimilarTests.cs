using System.Numerics;
using System.Text.Json.Nodes;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Tests.Queries;

[Collection(SchemaServerCollection.Name)]
public sealed class SimilarTests(SchemaServer server)
{
    private const long Hash = 0x0F1E_2D3C_4B5A_6978;

    private const string Document = "query ($id: ID!) { image(id: $id) { similar { image { id fileName } similarity } } }";

    [Fact]
    public async Task The_nearest_come_first_without_the_image_itself_and_what_is_too_far()
    {
        var owner = await server.SignUpAsync();
        var image = await AddAsync(owner, Hash, "it.jpg");
        await AddAsync(owner, Differing(11), "far.jpg");
        await AddAsync(owner, Differing(10), "edge.jpg");
        await AddAsync(owner, Differing(3), "near.jpg");
        await AddAsync(owner, Hash, "twin.jpg");
        await AddAsync(owner, Hash, "younger twin.jpg");

        var similar = await SimilarAsync(owner, image);

        Assert.Equal(["twin.jpg", "younger twin.jpg", "near.jpg", "edge.jpg"], similar.Select(s => (string)s["image"]!["fileName"]!));
        Assert.Equal([1, 1, 1 - 3 / 64.0, 1 - 10 / 64.0], similar.Select(s => (double)s["similarity"]!));
    }

    [Fact]
    public async Task Another_owners_images_and_those_in_the_trash_are_never_shown()
    {
        var (owner, stranger) = (await server.SignUpAsync(), await server.SignUpAsync());
        var image = await AddAsync(owner, Hash, "it.jpg");
        var trashed = await AddAsync(owner, Hash, "trashed.jpg");
        await AddAsync(stranger, Hash, "stranger.jpg");
        await owner.QueryAsync("mutation ($id: ID!) { deleteImages(input: { ids: [$id] }) { errors { __typename } } }", new { id = trashed });

        Assert.Empty(await SimilarAsync(owner, image));
        // What is in the trash can be asked what it resembles.
        Assert.Equal("it.jpg", (string)Assert.Single(await SimilarAsync(owner, trashed))["image"]!["fileName"]!);
        Assert.Null((await stranger.QueryAsync(Document, new { id = image }))["image"]);
    }

    [Fact]
    public async Task Pictures_without_shapes_resemble_nothing()
    {
        var owner = await server.SignUpAsync();
        var plain = await AddAsync(owner, 0, "red.png");
        await AddAsync(owner, 0, "white.png");

        Assert.Empty(await SimilarAsync(owner, plain));
    }

    [Theory]
    [InlineData("first: 0", 0, null)]
    [InlineData("first: 2", 2, null)]
    [InlineData("first: 100", 3, null)]
    [InlineData("first: -1", 0, "HC0079")]
    [InlineData("first: 101", 0, "HC0051")]
    [InlineData("first: 2147483648", 0, "")]
    [InlineData("first: \"2\"", 0, "")]
    [InlineData("first: null", 0, "")]
    public async Task As_many_are_shown_as_are_asked_for(string argument, int count, string? error)
    {
        var owner = await server.SignUpAsync();
        var image = await AddAsync(owner, Hash, "it.jpg");
        foreach (var bits in (int[])[1, 2, 3])
        {
            await AddAsync(owner, Differing(bits), $"{bits}.jpg");
        }

        var response = await owner.SendAsync($"query ($id: ID!) {{ image(id: $id) {{ similar({argument}) {{ similarity }} }} }}", new { id = image });

        if (error is null)
        {
            Assert.Equal(count, response["data"]!["image"]!["similar"]!.AsArray().Count);
        }
        else
        {
            Assert.NotNull(SchemaClient.Message(response));
            Assert.True(error == "" || SchemaClient.Code(response) == error, response.ToJsonString());
        }
        Assert.Empty(server.Log.Errors);
    }

    [Theory]
    [InlineData("minSimilarity: 1", "0")]
    [InlineData("minSimilarity: 0.98", "01")]
    [InlineData("minSimilarity: 0.90625", "0136")]
    [InlineData("minSimilarity: 0.9062501", "013")]
    [InlineData("minSimilarity: 0.84375", "0136A")]
    [InlineData("minSimilarity: 0", "0136A")]
    [InlineData("minSimilarity: -1e300", "0136A")]
    [InlineData("minSimilarity: null", "0136A")]
    [InlineData("minSimilarity: 1.000001", "")]
    [InlineData("minSimilarity: 1e300", "")]
    [InlineData("minSimilarity: 0.9, first: 2", "01")]
    public async Task Only_those_are_shown_that_are_as_alike_as_is_asked_for(string arguments, string expected)
    {
        var owner = await server.SignUpAsync();
        var image = await AddAsync(owner, Hash, "it.jpg");
        foreach (var bits in (int[])[0, 1, 3, 6, 10])
        {
            await AddAsync(owner, Differing(bits), $"{bits:X}.jpg");
        }

        // All of them are asked for beside it, so that one search answers both.
        var data = await owner.QueryAsync($"query ($id: ID!) {{ image(id: $id) {{ similar({arguments}) {{ image {{ fileName }} }} all: similar {{ similarity }} }} }}", new { id = image });

        Assert.Equal(expected, string.Concat(data["image"]!["similar"]!.AsArray().Select(s => ((string)s!["image"]!["fileName"]!)[0])));
        Assert.Equal(5, data["image"]!["all"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("\"0.9\"")]
    [InlineData("true")]
    [InlineData("1e999")]
    public async Task A_similarity_that_is_no_number_is_refused(string similarity)
    {
        var owner = await server.SignUpAsync();
        var image = await AddAsync(owner, Hash, "it.jpg");

        Assert.NotNull(SchemaClient.Message(await owner.SendAsync($"query ($id: ID!) {{ image(id: $id) {{ similar(minSimilarity: {similarity}) {{ similarity }} }} }}", new { id = image })));
        Assert.Empty(server.Log.Errors);
    }

    [Fact]
    public async Task A_list_asks_for_what_resembles_all_of_its_images_at_once()
    {
        var owner = await server.SignUpAsync();
        for (var bits = 0; bits < 5; bits++)
        {
            await AddAsync(owner, Differing(bits), $"{bits}.jpg");
        }
        server.Log.Clear();

        var data = await owner.QueryAsync("{ images { nodes { fileName similar(first: 1) { image { fileName width } } more: similar { image { fileName } } } } }");

        Assert.Equal(3, server.Log.Statements.Count);
        foreach (var image in data["images"]!["nodes"]!.AsArray())
        {
            Assert.Single(image!["similar"]!.AsArray());
            Assert.Equal(4, image["more"]!.AsArray().Count);
            Assert.Equal((string)image["similar"]![0]!["image"]!["fileName"]!, (string)image["more"]![0]!["image"]!["fileName"]!);
        }
    }

    [Fact]
    public Task The_index_finds_what_a_look_at_every_image_finds() => CompareAsync(3_000);

    [Trait("Category", "Full")]
    [Fact]
    public Task Among_a_hundred_thousand_images_the_index_finds_what_a_look_at_every_one_finds() => CompareAsync(100_000);

    private async Task CompareAsync(int count)
    {
        var owner = await server.SignUpAsync();
        var hashes = Hashes(count);
        await AddCopiesAsync(await AddAsync(owner, Hash, "it.jpg"), hashes);
        var near = 0;

        foreach (var (id, hash) in hashes.Where((_, place) => place % (count / 20) == 0))
        {
            var expected = hashes.Where(h => h.Key != id).Select(h => (Id: h.Key, Distance: BitOperations.PopCount((ulong)(h.Value ^ hash))))
                .Where(h => h.Distance <= 10).OrderBy(h => h.Distance).ThenBy(h => h.Id.ToString(), StringComparer.Ordinal).ToList();
            near += expected.Count(e => e.Distance <= 6);

            foreach (var within in (int[])[10, 8, 6, 3, 1, 0])
            {
                Assert.Equal(expected.Where(e => e.Distance <= within).Take(100).Select(e => (e.Id, 1 - e.Distance / 64.0)), await FindAsync(owner, id, 1 - within / 64.0));
            }
        }
        Assert.True(near >= 100);
    }

    /// <summary>Half of the hashes lie anywhere, half near to one of a hundred others.</summary>
    private static Dictionary<Guid, long> Hashes(int count)
    {
        var random = new Random(7);
        var centres = Enumerable.Range(0, 100).Select(_ => random.NextInt64()).ToArray();
        return Enumerable.Range(0, count).ToDictionary(_ => Guid.CreateVersion7(), number =>
        {
            var hash = number % 2 == 0 ? centres[random.Next(centres.Length)] : random.NextInt64();
            for (var flips = random.Next(9); number % 2 == 0 && flips > 0; flips--)
            {
                hash ^= 1L << random.Next(64);
            }
            return hash;
        });
    }

    /// <summary>Rows like the image's own but for the ids and hashes.</summary>
    private async Task AddCopiesAsync(string image, Dictionary<Guid, long> hashes)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var source = scope.ServiceProvider.GetRequiredService<Database>().DataSource;
        List<string> columns = [];
        await using (var command = source.CreateCommand(
            "select column_name from information_schema.columns where table_name = 'image' and is_generated = 'NEVER' and column_name not in ('id', 'content_hash', 'perceptual_hash')"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                columns.Add(reader.GetString(0));
            }
        }
        var same = string.Join(", ", columns);
        await using var insert = source.CreateCommand($"""
            insert into image (id, content_hash, perceptual_hash, {same})
            select h.id, sha256(h.id::text::bytea), h.hash, {same} from image, unnest($1, $2) h(id, hash) where image.id = $3
            """);
        insert.CommandTimeout = 300;
        insert.Parameters.Add(new() { Value = hashes.Keys.ToArray() });
        insert.Parameters.Add(new() { Value = hashes.Values.ToArray() });
        insert.Parameters.Add(new() { Value = IdOf(image) });
        Assert.Equal(hashes.Count, await insert.ExecuteNonQueryAsync());
    }

    private async Task<List<(Guid Id, double Degree)>> FindAsync(SchemaClient owner, Guid id, double least)
    {
        await using var scope = server.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OwnerScope>().Enter(owner.Owner);
        var found = await scope.ServiceProvider.GetRequiredService<ISimilarImages>().FindAsync([(new ImageId(id), 100, least)], default);
        return [.. found[new ImageId(id)].Select(s => (s.Image.Value, s.Degree))];
    }

    private async Task<string> AddAsync(SchemaClient owner, long hash, string fileName)
    {
        var image = await server.AddImageAsync(owner, new TestPicture { PerceptualHash = hash }, fileName);
        return Convert.ToBase64String([.. "Image:"u8, .. image.Id.Value.ToByteArray()]);
    }

    private static Guid IdOf(string globalId) => new(Convert.FromBase64String(globalId).AsSpan("Image:".Length));

    private static async Task<List<JsonNode>> SimilarAsync(SchemaClient owner, string image) =>
        [.. (await owner.QueryAsync(Document, new { id = image }))["image"]!["similar"]!.AsArray().Select(s => s!)];

    /// <summary>As many bits as are asked for differ from <see cref="Hash"/>, spread over its bands.</summary>
    private static long Differing(int bits) => Enumerable.Range(0, bits).Aggregate(Hash, (hash, bit) => hash ^ 1L << (bit % 4 * 16 + bit / 4));
}
