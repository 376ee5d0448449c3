using System.Linq.Expressions;
using ImageRepo.GraphQL.Tags;
using ImageRepo.Infrastructure.Persistence;

namespace ImageRepo.GraphQL.Filtering;

/// <summary>A filter as a client wrote it.</summary>
internal sealed class Filter(FilterInputType type, IDictionary<string, object?> fields)
{
    public IDictionary<string, object?> Fields { get; } = fields;

    /// <summary>What was written for the field; null where nothing was, too.</summary>
    public object? this[string field] => Fields.TryGetValue(field, out var value) ? value : null;

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

    /// <summary>The same filter with another value for one of its own fields.</summary>
    public Filter With(string field, object? value) => new(type, new Dictionary<string, object?>(Fields) { [field] = value });
}

/// <summary>One translation: where the tables are, which tags the filter names, and how much may still be asked for.</summary>
internal sealed class FilterScope(ImageRepoDbContext db, NamedTags tags)
{
    public const int MaxConditions = 200;
    private int _count;

    public ImageRepoDbContext Db { get; } = db;
    public NamedTags Tags { get; } = tags;

    /// <summary>Each condition becomes SQL, so their number has a limit beside that of the request's bytes.</summary>
    public void Count()
    {
        if (++_count > MaxConditions)
        {
            throw FilterErrors.TooManyConditions(MaxConditions);
        }
    }
}
