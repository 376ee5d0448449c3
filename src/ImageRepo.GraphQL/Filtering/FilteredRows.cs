using System.Linq.Expressions;
using ImageRepo.GraphQL.Tags;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Filtering;

internal static class FilteredRows
{
    /// <summary>The rows that meet the filter; all of them where there is none.</summary>
    public static IQueryable<TRow> Meeting<TRow>(this IQueryable<TRow> rows, Filter? filter, ImageRepoDbContext db, NamedTags tags)
    {
        if (filter is null)
        {
            return rows;
        }
        var row = Expression.Parameter(typeof(TRow), "row");
        var condition = filter.ToExpression(row, new FilterScope(db, tags));
        return condition is ConstantExpression { Value: true } ? rows : rows.Where(Expression.Lambda<Func<TRow, bool>>(condition, row));
    }
}
