using System.Text.Json;
using ImageRepo.Bench.Measuring;

namespace ImageRepo.Bench.Scenarios;

/// <summary>Similar images cost at most a tenth of looking at every hash, and are the same.</summary>
internal static class SimilarScenarios
{
    private const string Document = "query ($id: ID!) { image(id: $id) { similar(first: 100) { image { id } } } }";

    /// <summary>By the distance that the product shows. The parameter is an image's id.</summary>
    private const string LookAtAll = """
        select i.id from image o join image i on i.owner_id = o.owner_id and i.deleted_at is null and i.id <> o.id and i.perceptual_hash <> 0
        where o.id = $1 and bit_count((i.perceptual_hash # o.perceptual_hash)::bit(64)) <= 10
        order by bit_count((i.perceptual_hash # o.perceptual_hash)::bit(64)), i.id limit 100
        """;

    public static async Task RunAsync(Product product, Report report)
    {
        const string time = "similar images against looking at all", same = "the same similar images as by looking at all";
        if (!report.IsWanted(time) && !report.IsWanted(same))
        {
            return;
        }
        var ids = (await product.ReadAsync("select id from image where owner_id = $1 and deleted_at is null order by perceptual_hash limit 50", Product.Owner)).ConvertAll(r => (Guid)r[0]);
        await report.CompareAsync(time, 1.0 / 10, round => SimilarAsync(ids[round % ids.Count]), round => product.ReadAsync(LookAtAll, ids[round % ids.Count]));
        if (report.IsWanted(same))
        {
            var (equal, found) = (0, 0);
            foreach (var id in ids)
            {
                var expected = (await product.ReadAsync(LookAtAll, id)).Select(r => Lists.GlobalId(r[0])).ToList();
                var similar = (await SimilarAsync(id)).GetProperty("image").GetProperty("similar").EnumerateArray().Select(s => s.GetProperty("image").GetProperty("id").GetString());
                equal += similar.SequenceEqual(expected) ? 1 : 0;
                found += expected.Count;
            }
            report.TellWhether(same, equal == ids.Count && found > 0, $"{equal} of {ids.Count}, {found} images found");
        }

        Task<JsonElement> SimilarAsync(Guid id) => product.QueryAsync(Document, new Dictionary<string, object?> { ["id"] = Lists.GlobalId(id) });
    }
}
