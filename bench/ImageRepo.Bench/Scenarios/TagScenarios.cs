using ImageRepo.Bench.Library;
using ImageRepo.Bench.Measuring;
using ImageRepo.Domain.Images;

namespace ImageRepo.Bench.Scenarios;

/// <summary>Goal 1: a tag query costs at most twice the best SQL for it, and old tags no more than common ones.</summary>
internal static class TagScenarios
{
    private const string OneTag = $"""
        select {Lists.Columns} from image_tag t join image i on i.id = t.image_id
        where t.owner_id = $1 and t.tag_id = $2 order by t.image_id desc limit 31
        """;

    private const string TwoTags = $"""
        select {Lists.Columns} from image_tag t join image i on i.id = t.image_id
        where t.owner_id = $1 and t.tag_id = $2 and exists (select 1 from image_tag u where u.owner_id = $1 and u.tag_id = $3 and u.image_id = t.image_id)
        order by t.image_id desc limit 31
        """;

    private const string ThreeTags = $"""
        select {Lists.Columns} from image_tag t join image i on i.id = t.image_id
        where t.owner_id = $1 and t.tag_id = $2 and i.tag_ids @> array[$3, $4] order by t.image_id desc limit 31
        """;

    private const string AnyTag = $"""
        select {Lists.Columns} from (
            (select image_id from image_tag where owner_id = $1 and tag_id = $2 order by image_id desc limit 31)
            union (select image_id from image_tag where owner_id = $1 and tag_id = $3 order by image_id desc limit 31)
            union (select image_id from image_tag where owner_id = $1 and tag_id = $4 order by image_id desc limit 31)
            order by 1 desc limit 31) t join image i on i.id = t.image_id order by i.id desc
        """;

    private const string OneWithoutTheOther = $"""
        select {Lists.Columns} from image_tag t join image i on i.id = t.image_id
        where t.owner_id = $1 and t.tag_id = $2 and not i.tag_ids @> array[$3] order by t.image_id desc limit 31
        """;

    public static async Task RunAsync(Product product, Report report)
    {
        var ids = (await product.ReadAsync("select name, id from tag")).ToDictionary(r => TagName.Parse((string)r[0]), r => (int)r[1]);
        var (common, medium, rare, clustered) = (Vocabulary.Common, Vocabulary.Medium, Vocabulary.Rare, Vocabulary.Clustered);

        await AgainstSqlAsync("newest 30", "{}", $"select {Lists.Columns} from image i where owner_id = $1 and deleted_at is null order by id desc limit 31");
        await AgainstSqlAsync("common tag", Some(common), OneTag, common);
        await AgainstSqlAsync("medium tag", Some(medium), OneTag, medium);
        await AgainstSqlAsync("rare tag", Some(rare), OneTag, rare);
        await AgainstSqlAsync("clustered old tag", Some(clustered), OneTag, clustered);
        await AgainstSqlAsync("common and clustered tag", All(common, clustered), TwoTags, clustered, common);
        await AgainstSqlAsync("three common tags, and", All(common, Vocabulary.AlsoCommon, Vocabulary.ThirdCommon), ThreeTags, Vocabulary.ThirdCommon, common, Vocabulary.AlsoCommon);
        await AgainstSqlAsync("one of three tags, or", Any(common, medium, rare), AnyTag, common, medium, rare);
        await AgainstSqlAsync("one of three tags, in", In(common, medium, rare), AnyTag, common, medium, rare);
        await AgainstSqlAsync("one of three tags, rare and old", In(clustered, medium, rare), AnyTag, clustered, medium, rare);
        await AgainstSqlAsync("medium and not common tag", Not(medium, common), OneWithoutTheOther, medium, common);
        await report.CompareAsync("clustered old tag against common tag", 2, _ => product.PageAsync(Lists.Of(Some(clustered))), _ => product.PageAsync(Lists.Of(Some(common))));

        Task AgainstSqlAsync(string name, string where, string sql, params TagName[] tags) => report.CompareAsync(
            $"{name} against its SQL", 2,
            _ => product.PageAsync(Lists.Of(where)),
            _ => product.ReadAsync(sql, [Product.Owner, .. tags.Select(t => (object)ids[t])]));
    }

    private static string Some(TagName tag) => Lists.Tagged(tag.Value);

    private static string All(params TagName[] tags) => $"{{ and: [{string.Join(", ", tags.Select(Some))}] }}";

    private static string Any(params TagName[] tags) => $"{{ or: [{string.Join(", ", tags.Select(Some))}] }}";

    private static string In(params TagName[] tags) => $$"""{ tags: { some: { name: { in: [{{string.Join(", ", tags.Select(t => $"\"{t}\""))}}] } } } }""";

    private static string Not(TagName tag, TagName without) => $$"""{ tags: { some: { name: { eq: "{{tag}}" } }, none: { name: { eq: "{{without}}" } } } }""";
}
