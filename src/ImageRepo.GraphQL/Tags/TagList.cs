using GraphQL;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Paging;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Tags;

/// <param name="Matching">The tags on all pages.</param>
internal sealed record TagsConnection(Page<OwnerTagCount> Page, IQueryable<OwnerTagCount> Matching)
{
    public Task<int> CountAsync(CancellationToken cancellationToken) => Matching.CountAsync(cancellationToken);
}

/// <summary>The arguments of <c>tags</c>, turned into a query of the counters that every change of an image keeps.</summary>
internal static class TagList
{
    private static readonly SortKey<OwnerTagCount> ByName = Name(isDescending: false);

    private static readonly Keyset<OwnerTagCount> MostUsedFirst = new([ImageCount(isDescending: true), ByName]);

    public static async Task<TagsConnection> ResolveAsync(IResolveFieldContext context)
    {
        var request = PageRequest.From(context);
        var db = context.Db();
        var order = context.Order();
        var matching = db.OwnerTagCounts.Where(t => t.Count > 0).Meeting(context.GetArgument<object?>("where") as Filter, db, NamedTags.None);
        var page = await matching.Include(t => t.Tag).PageAsync(order.Count == 0 ? MostUsedFirst : From(order), request, copy: null, context.CancellationToken);
        return new TagsConnection(page, matching);
    }

    /// <summary>The order that a client wrote, by name among equals.</summary>
    private static Keyset<OwnerTagCount> From(IEnumerable<IDictionary<string, object?>> order) =>
        new([.. order.SelectMany(o => o).Where(o => o.Value is not null).Select(o => Key(o.Key, isDescending: (bool)o.Value!)), ByName]);

    private static SortKey<OwnerTagCount> Key(string name, bool isDescending) => name switch
    {
        "name" => Name(isDescending),
        "imageCount" => ImageCount(isDescending),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a key of TagSortInput."),
    };

    private static SortKey<OwnerTagCount, TagName> Name(bool isDescending) => new("name", t => t.Tag!.Name, isDescending);

    private static SortKey<OwnerTagCount, int> ImageCount(bool isDescending) => new("imageCount", t => t.Count, isDescending);
}
