using GraphQL;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Colors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Paging;
using ImageRepo.GraphQL.Tags;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Images;

/// <summary>The arguments of <c>images</c>, turned into a query.</summary>
internal sealed class ImageList
{
    private readonly ImageRepoDbContext _db;
    private readonly Filter? _where;
    private readonly SearchWords? _search;
    private readonly NamedTags _tags;

    private ImageList(ImageRepoDbContext db, Filter? where, SearchWords? search, NamedTags tags) => (_db, _where, _search, _tags) = (db, where, search, tags);

    public static async Task<ImagesConnection> ResolveAsync(IResolveFieldContext context)
    {
        var request = PageRequest.From(context);
        var db = context.Db();
        var where = context.GetArgument<object?>("where") as Filter;
        var search = context.GetArgument<string?>("search") is { } text ? SearchWords.Parse(text) : null;
        var list = new ImageList(db, where, search, await NamedTags.FindAsync(db, where, context.CancellationToken));

        var order = context.Order();
        var page = order.Count == 0 && where?[ImageFilterInputType.Color] is ColorNear near
            ? await list.NearestAsync(near, where, request, context)
            : await list.OrderedAsync(order, request, context);
        var isFiltered = where is { Fields.Count: > 0 } || search is { Terms.Count: > 0 };
        return new ImagesConnection(page, new ImageTotals(db, isFiltered ? list.Matching(where) : null));
    }

    private Task<Page<Image>> OrderedAsync(IReadOnlyList<IDictionary<string, object?>> order, PageRequest request, IResolveFieldContext context)
    {
        var keyset = order.Count == 0 ? ImageSort.Default : ImageSort.From(order);
        var images = order.Count == 0 && _where is not null && Alternatives.Of(_where) is { Count: > 1 } alternatives
            ? NewestOfEach(alternatives, request)
            : Matching(_where);
        return images.PageAsync(keyset, request, Selection.Copying<Image>([.. context.Members<Image>(), .. keyset.Members]), context.CancellationToken);
    }

    private Task<Page<Image>> NearestAsync(ColorNear near, Filter where, PageRequest request, IResolveFieldContext context)
    {
        var others = where.Without(ImageFilterInputType.Color);
        return new ColorRanking(_db, Matching(others), near, _tags.Bound(others))
            .PageAsync(request, [nameof(Image.Id), .. context.Members<Image>()], context.CancellationToken);
    }

    /// <summary>The newest of all alternatives are among the newest of each, which have an index each.</summary>
    private IQueryable<Image> NewestOfEach(IReadOnlyList<Filter> alternatives, PageRequest request)
    {
        var ids = alternatives.Select(a => Matching(a).Beyond(ImageSort.Default, request).Select(i => i.Id)).Aggregate((all, more) => all.Union(more));
        return _db.Images.Where(i => ids.Contains(i.Id));
    }

    private IQueryable<Image> Matching(Filter? where)
    {
        var images = _db.Images;
        if (_where?.Mentions(ImageFilterInputType.DeletedAt) != true)
        {
            images = images.Where(i => i.DeletedAt == null);
        }
        if (_search is not null)
        {
            images = images.Matching(_search);
        }
        return images.Meeting(where, _db, _tags);
    }
}
