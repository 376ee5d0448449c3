using ImageRepo.Bench.Library;
using ImageRepo.Bench.Measuring;

namespace ImageRepo.Bench.Scenarios;

/// <summary>Words, alone and with a tag: at most twice the best SQL for them.</summary>
internal static class TextScenarios
{
    private const string Match = "i.search_vector @@ (to_tsquery('simple', $2) || to_tsquery('english', $2))";

    private const string ByRecency = $"""
        select {Lists.Columns} from image i where owner_id = $1 and deleted_at is null and {Match} order by id desc limit 31
        """;

    private const string WithTag = $"""
        select {Lists.Columns} from image i where owner_id = $1 and deleted_at is null and {Match} and exists (
            select 1 from image_tag t where t.owner_id = $1 and t.image_id = i.id and t.tag_id = $3) order by id desc limit 31
        """;

    public static async Task RunAsync(Product product, Report report)
    {
        var common = (int)(await product.ReadAsync("select id from tag where name = $1", Vocabulary.Common.Value))[0][0];
        await AgainstSqlAsync("common word", Vocabulary.Common.Value, null, ByRecency);
        await AgainstSqlAsync("medium word", Vocabulary.Medium.Value, null, ByRecency);
        await AgainstSqlAsync("rare word", Vocabulary.Rare.Value, null, ByRecency);
        await AgainstSqlAsync("rare word and common tag", Vocabulary.Rare.Value, Vocabulary.Common.Value, WithTag);

        Task AgainstSqlAsync(string name, string word, string? tag, string sql) => report.CompareAsync(
            $"{name} against its SQL", 2,
            _ => product.PageAsync(Lists.Of(tag is null ? "{}" : Lists.Tagged(tag), $", search: \"{word}\"")),
            _ => product.ReadAsync(sql, [Product.Owner, $"{word}:*", .. (tag is null ? Array.Empty<object>() : [common])]));
    }
}
