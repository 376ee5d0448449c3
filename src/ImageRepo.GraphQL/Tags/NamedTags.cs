using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Tags;

/// <summary>
/// The caller's tags that a filter names exactly, looked up before it becomes SQL. With their ids in hand PostgreSQL plans for these
/// very tags, from its statistics of them; with names it would plan for any tag, a hundred times too dear for most.
/// </summary>
internal sealed class NamedTags
{
    private readonly Dictionary<TagName, (int Id, int Images)> _known;

    private NamedTags(Dictionary<TagName, (int Id, int Images)> known) => _known = known;

    public static NamedTags None { get; } = new([]);

    public static async Task<NamedTags> FindAsync(ImageRepoDbContext db, Filter? filter, CancellationToken cancellationToken)
    {
        var names = filter is null ? [] : Names(filter, isOfTag: false).Distinct().ToList();
        return names.Count == 0
            ? None
            : new NamedTags(await db.OwnerTagCounts.Where(c => names.Contains(c.Tag!.Name))
                .Select(c => new { c.Tag!.Name, c.TagId, c.Count })
                .ToDictionaryAsync(c => c.Name, c => (c.TagId, c.Count), cancellationToken));
    }

    /// <summary>The ids that a filter of names comes to, of tags that the caller has; null when it asks for more than some exact names.</summary>
    public IReadOnlyList<int>? Exactly(Filter name) => NamesOf(name)?.Where(_known.ContainsKey).Select(n => _known[n].Id).ToList();

    /// <summary>How many images the filter can find at most, as far as the tags tell that all of them must carry; null when they tell nothing.</summary>
    public int? Bound(Filter filter)
    {
        var own = Some(filter) is { } name ? NamesOf(name)?.Sum(n => _known.GetValueOrDefault(n).Images) : null;
        var inner = filter["and"] is IEnumerable<object?> all ? all.OfType<Filter>().Min(Bound) : null;
        return own is null || inner < own ? inner ?? own : own;
    }

    /// <summary>The names that all stand in <c>tags: { some: { name: { in: … } } }</c>, else null.</summary>
    public static IReadOnlyList<TagName>? Alternatives(Filter filter) => Some(filter) is { } name ? NamesOf(name) : null;

    /// <summary>The filter of names within <c>tags: { some: { name: … } }</c>, where nothing else is asked of the tag.</summary>
    private static Filter? Some(Filter filter) =>
        filter["tags"] is Filter { Fields.Count: 1 } tags
        && tags["some"] is Filter { Fields.Count: 1 } some
            ? some["name"] as Filter
            : null;

    private static List<TagName>? NamesOf(Filter name) => name.Fields.Count != 1 ? null : name.Fields.Single() switch
    {
        { Key: "eq", Value: string text } => Parse([text]),
        { Key: "in", Value: IEnumerable<object?> texts } => Parse(texts),
        _ => null,
    };

    private static IEnumerable<TagName> Names(Filter filter, bool isOfTag) => filter.Fields.SelectMany(field => field switch
    {
        { Key: "eq", Value: string text } when isOfTag => Parse([text]),
        { Key: "in", Value: IEnumerable<object?> texts } when isOfTag => Parse(texts),
        { Value: Filter inner } => Names(inner, isOfTag || field.Key == "tags"),
        { Value: IEnumerable<object?> list } => list.OfType<Filter>().SelectMany(inner => Names(inner, isOfTag)),
        _ => [],
    });

    /// <summary>What can't be a tag names none.</summary>
    private static List<TagName> Parse(IEnumerable<object?> texts) =>
        [.. texts.Select(t => TagName.TryParse(t as string, out var name) ? name : (TagName?)null).OfType<TagName>().Distinct()];
}
