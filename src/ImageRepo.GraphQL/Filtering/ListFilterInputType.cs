using System.Linq.Expressions;
using System.Reflection;
using GraphQL.Types;

namespace ImageRepo.GraphQL.Filtering;

/// <summary>Conditions on a list of rows that belong to the source, such as an image's tags; the source is a query of them.</summary>
internal abstract class ListFilterInputType<TElement, TElementFilter> : FilterInputType where TElementFilter : FilterInputType
{
    private static readonly MethodInfo AnyElement = Queryable(nameof(System.Linq.Queryable.Any), 1);
    private static readonly MethodInfo AnyMatch = Queryable(nameof(System.Linq.Queryable.Any), 2);
    private static readonly MethodInfo AllMatch = Queryable(nameof(System.Linq.Queryable.All), 2);

    protected ListFilterInputType(string elementFilterName)
    {
        Name = $"ListFilterInputTypeOf{elementFilterName}";
        Description = "Conditions on a list, all of which must hold.";
        Condition("all", typeof(TElementFilter), "Every element meets the conditions; so does an empty list.", (value, source, scope) => Match(AllMatch, value, source, scope, "all"));
        Condition("none", typeof(TElementFilter), "No element meets the conditions.", (value, source, scope) => Expression.Not(Match(AnyMatch, value, source, scope, "none")));
        Condition("some", typeof(TElementFilter), "At least one element meets all the conditions.", (value, source, scope) => Match(AnyMatch, value, source, scope, "some"));
        Condition("any", typeof(BooleanGraphType), "True: there are elements. False: there are none.", (value, source, _) => value is bool wanted
            ? wanted ? Expression.Call(AnyElement, source) : Expression.Not(Expression.Call(AnyElement, source))
            : throw FilterErrors.NullNotSupported("any"));
    }

    private static MethodCallExpression Match(MethodInfo method, object? value, Expression source, FilterScope scope, string name)
    {
        var element = Expression.Parameter(typeof(TElement), "element");
        var condition = Required(value, name).ToExpression(element, scope);
        return Expression.Call(method, source, Expression.Quote(Expression.Lambda<Func<TElement, bool>>(condition, element)));
    }

    private static MethodInfo Queryable(string name, int parameters) => typeof(Queryable).GetMethods()
        .Single(m => m.Name == name && m.GetParameters().Length == parameters).MakeGenericMethod(typeof(TElement));
}
