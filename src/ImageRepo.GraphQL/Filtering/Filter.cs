using System.Linq.Expressions;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Filtering;

/// <summary>A filter as a client wrote it.</summary>
internal sealed class Filter(FilterInputType type, IDictionary<string, object?> fields)
{
    public IDictionary<string, object?> Fields { get; } = fields;

    public Expression ToExpression(Expression source, FilterScope scope) => type.Translate(Fields, source, scope) ?? Expression.Constant(true);

    /// <summary>Whether the field is written anywhere in the filter, inside <c>and</c> and <c>or</c> too.</summary>
    public bool Mentions(string field) => Fields.Any(f => f.Key == field || f.Value switch
    {
        Filter inner => inner.Mentions(field),
        IEnumerable<object?> list => list.OfType<Filter>().Any(inner => inner.Mentions(field)),
        _ => false,
    });

    /// <summary>The same filter without one of its own fields.</summary>
    public Filter Without(string field) => new(type, Fields.Where(f => f.Key != field).ToDictionary());
}

/// <summary>One translation: where the tables are, and how much may still be asked for.</summary>
internal sealed class FilterScope(ImageRepoDbContext db)
{
    public const int MaxConditions = 200;
    private int _count;

    public ImageRepoDbContext Db { get; } = db;

    /// <summary>Each condition becomes SQL, so their number has a limit beside that of the request's bytes.</summary>
    public void Count()
    {
        if (++_count > MaxConditions)
        {
            throw FilterErrors.TooManyConditions(MaxConditions);
        }
    }
}
