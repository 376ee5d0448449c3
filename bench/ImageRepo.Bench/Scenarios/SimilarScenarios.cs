using System.Text.Json;
using ImageRepo.Bench.Measuring;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.Bench.Scenarios;

/// <summary>Similar images are found in at most a tenth of the time of looking at every hash, and are the same.</summary>
internal static class SimilarScenarios
{
    private const string Document = "query ($id: ID!, $least: Float) { image(id: $id) { similar(first: 100, minSimilarity: $least) { image { id } } } }";

    /// <summary>
    /// The parameters are an image's id, and in how many of the 64 bits its hash may differ. Every hash of the owner is read from a band's index, since the rows of the table would take many times as long.
    /// </summary>
    private const string LookAtAll = """
        select i.id from image o join image i on i.owner_id = o.owner_id and num_nulls(i.deleted_at) = 1 and i.id <> o.id and i.perceptual_hash <> 0
            and uuid_hash(i.owner_id)::bigint << 16 | (i.perceptual_hash >> 0 & 65535) between uuid_hash(o.owner_id)::bigint << 16 and uuid_hash(o.owner_id)::bigint << 16 | 65535
        where o.id = $1 and bit_count((i.perceptual_hash # o.perceptual_hash)::bit(64)) <= $2
        order by bit_count((i.perceptual_hash # o.perceptual_hash)::bit(64)), i.id limit 100
        """;

    public static async Task RunAsync(Product product, Report report)
    {
        foreach (var distance in (int[])[6, 10])
        {
            await RunAsync(product, report, distance);
        }
    }

    private static async Task RunAsync(Product product, Report report, int distance)
    {
        string search = $"similar images within {distance}, the search", answer = $"similar images within {distance}, the answer", same = $"the same similar images within {distance}";
        if (!new[] { search, answer, same }.Any(report.IsWanted))
        {
            return;
        }
        var least = 1 - distance / 64.0;
        var ids = (await product.ReadAsync("select id from image where owner_id = $1 and deleted_at is null order by perceptual_hash limit 50", Product.Owner)).ConvertAll(r => (Guid)r[0]);
        await report.CompareAsync(search, distance == 6 ? 1.0 / 10 : null, round => SearchAsync(Of(round)), LookAtAllAsync);
        await report.CompareAsync(answer, null, round => AnswerAsync(Of(round)), LookAtAllAsync);
        if (report.IsWanted(same))
        {
            var (equal, found) = (0, 0);
            foreach (var id in ids)
            {
                var expected = (await product.ReadAsync(LookAtAll, id, distance)).Select(r => Lists.GlobalId(r[0])).ToList();
                var similar = (await AnswerAsync(id)).GetProperty("image").GetProperty("similar").EnumerateArray().Select(s => s.GetProperty("image").GetProperty("id").GetString());
                equal += similar.SequenceEqual(expected) ? 1 : 0;
                found += expected.Count;
            }
            report.TellWhether(same, equal == ids.Count && found > 0, $"{equal} of {ids.Count}, {found} images found");
        }

        async Task SearchAsync(Guid id)
        {
            await using var scope = product.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<OwnerScope>().Enter(new OwnerId(Product.Owner));
            await scope.ServiceProvider.GetRequiredService<ISimilarImages>().FindAsync([(new ImageId(id), 100, least)], default);
        }

        Guid Of(int round) => ids[round % ids.Count];

        Task LookAtAllAsync(int round) => product.ReadAsync(LookAtAll, Of(round), distance);

        Task<JsonElement> AnswerAsync(Guid id) => product.QueryAsync(Document, new Dictionary<string, object?> { ["id"] = Lists.GlobalId(id), ["least"] = least });
    }
}
