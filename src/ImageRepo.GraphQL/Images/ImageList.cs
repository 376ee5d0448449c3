using GraphQL;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Colors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Filtering;
using ImageRepo.GraphQL.Paging;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Images;

/// <summary>The arguments of <c>images</c>, turned into a query.</summary>
internal static class ImageList
{
    public static async Task<ImagesConnection> ResolveAsync(IResolveFieldContext context)
    {
        var request = PageRequest.From(context);
        var db = context.Db();
        var where = context.GetArgument<object?>("where") as Filter;
        var order = context.Order();
        var search = context.GetArgument<string?>("search") is { } text ? SearchWords.Parse(text) : null;

        var ranking = order.Count == 0 && where?.Fields.TryGetValue(ImageFilterInputType.Color, out var color) == true ? color as ColorNear : null;
        var matching = Matching(db, where, search);
        var page = ranking is null
            ? await matching.PageAsync(order.Count == 0 ? ImageSort.Default : ImageSort.From(order), request, context.CancellationToken)
            : await RankedPageAsync(db, where!, search, ranking, request, context.CancellationToken);

        var isFiltered = where is { Fields.Count: > 0 } || search is { Terms.Count: > 0 };
        return new ImagesConnection(page, new ImageTotals(db, isFiltered ? matching : null));
    }

    private static IQueryable<Image> Matching(ImageRepoDbContext db, Filter? where, SearchWords? search)
    {
        var images = db.Images;
        if (where?.Mentions(ImageFilterInputType.DeletedAt) != true)
        {
            images = images.Where(i => i.DeletedAt == null);
        }
        if (search is not null)
        {
            images = images.Matching(search);
        }
        return images.Meeting(where, db);
    }

    private static async Task<Page<Image>> RankedPageAsync(
        ImageRepoDbContext db, Filter where, SearchWords? search, ColorNear ranking, PageRequest request, CancellationToken cancellationToken)
    {
        var ranked = Matching(db, where.Without(ImageFilterInputType.Color), search).RankedBy(db, ranking);
        var page = await ranked.PageAsync(ColorRanking.Keyset(ranking), request, cancellationToken);
        return new Page<Image>([.. page.Rows.Select(r => (r.Cursor, r.Row.Image))], page.Info);
    }
}
