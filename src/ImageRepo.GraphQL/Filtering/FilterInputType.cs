using System.Linq.Expressions;
using GraphQL.Types;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Filtering;

/// <summary>Translates what a client wrote for one field of a filter into a condition on the source.</summary>
internal delegate Expression Translation(object? value, Expression source, FilterScope scope);

/// <summary>
/// An input type whose fields are conditions, all of which must hold. Only what a type names can be asked for: an allow-list.
/// An input becomes a <see cref="Filter"/>, which becomes an expression that EF Core translates.
/// </summary>
internal abstract class FilterInputType : InputObjectGraphType
{
    private readonly Dictionary<string, Translation> _translations = [];

    public override object ParseDictionary(IDictionary<string, object?> value) => new Filter(this, value);

    /// <summary>The conjunction of all fields; null when there are none.</summary>
    internal Expression? Translate(IDictionary<string, object?> fields, Expression source, FilterScope scope)
    {
        Expression? all = null;
        foreach (var (name, value) in fields)
        {
            scope.Count();
            if (_translations[name](value, source, scope) is { } condition && !IsTrue(condition))
            {
                all = all is null ? condition : Expression.AndAlso(all, condition);
            }
        }
        return all;
    }

    protected void Condition(string name, Type type, string description, Translation translation)
    {
        Field(name, type).Description(description);
        _translations.Add(name, translation);
    }

    /// <summary>A field that filters a member of the source by a filter of its own.</summary>
    protected void Member<TSource, TMember>(string name, Type filterType, string description, Expression<Func<TSource, TMember>> selector) =>
        Condition(name, filterType, description, (value, source, scope) =>
            Required(value, name).ToExpression(Replacement.Inline(selector, source), scope));

    /// <summary>The fields <c>and</c> and <c>or</c> over filters of the same type. An empty list, as null, asks for nothing.</summary>
    protected void Combinable()
    {
        var list = typeof(ListGraphType<>).MakeGenericType(typeof(NonNullGraphType<>).MakeGenericType(GetType()));
        Condition("and", list, "All of these must hold; an empty list asks for nothing.", (value, source, scope) => Combine(value, source, scope, Expression.AndAlso));
        Condition("or", list, "One of these must hold; an empty list asks for nothing.", (value, source, scope) => Combine(value, source, scope, Expression.OrElse));
    }

    protected static Filter Required(object? value, string name) => value as Filter ?? throw FilterErrors.NullNotSupported(name);

    private static Expression Combine(object? value, Expression source, FilterScope scope, Func<Expression, Expression, Expression> join)
    {
        var parts = ((IEnumerable<object?>?)value ?? []).Cast<Filter>().Select(f => f.ToExpression(source, scope)).ToList();
        return parts.Count == 0 ? Expression.Constant(true) : parts.Aggregate(join);
    }

    private static bool IsTrue(Expression condition) => condition is ConstantExpression { Value: true };
}
