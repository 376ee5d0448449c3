using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Tags;

namespace ImageRepo.GraphQL.Images;

/// <summary>
/// A filter as several that find the same together: where it asks for one of some tags, by <c>in</c> or by <c>or</c>, each has its own
/// newest-first index, and no plan for all of them at once would use it.
/// </summary>
internal static class Alternatives
{
    private const int Max = 8;
    private const string Tags = "tags";

    /// <summary>At least two filters; or none, when the filter is better left whole.</summary>
    public static IReadOnlyList<Filter> Of(Filter where)
    {
        if (where["or"] is not IEnumerable<object?> list)
        {
            return Each(where) is { Count: > 1 and <= Max } names ? names : [];
        }
        var parts = list.OfType<Filter>().ToList();
        var ofTags = parts.Count is > 1 and <= Max && parts.All(p => NamedTags.Alternatives(p) is not null);
        List<Filter> each = ofTags ? [.. parts.SelectMany(Each).Select(one => where.With("or", new object?[] { one }))] : [];
        return each.Count <= Max ? each : [];
    }

    /// <summary>One filter for each name that <c>tags: { some: { name: { in: … } } }</c> lists.</summary>
    private static List<Filter> Each(Filter filter)
    {
        if (NamedTags.Alternatives(filter) is not { Count: > 1 } names)
        {
            return [filter];
        }
        var tags = (Filter)filter[Tags]!;
        var some = (Filter)tags["some"]!;
        var name = (Filter)some["name"]!;
        return [.. names.Select(n => filter.With(Tags, tags.With("some", some.With("name", name.Without("in").With("eq", n.Value)))))];
    }
}
