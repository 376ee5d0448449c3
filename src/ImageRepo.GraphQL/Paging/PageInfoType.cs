using GraphQL;
using GraphQL.Types;
using ImageRepo.GraphQL.Costs;

namespace ImageRepo.GraphQL.Paging;

internal sealed class PageInfoType : ObjectGraphType<PageInfo>
{
    public PageInfoType()
    {
        Name = "PageInfo";
        Description = "Where a page of a connection lies within its list.";
        Field("hasNextPage", p => p.HasNextPage).Description("Whether rows follow this page. Read backward, whether `before` was given.");
        Field("hasPreviousPage", p => p.HasPreviousPage).Description("Whether rows precede this page. Read forward, whether `after` was given.");
        Field("startCursor", p => p.StartCursor, nullable: true).Description("The first row's cursor; null when the page is empty.");
        Field("endCursor", p => p.EndCursor, nullable: true).Description("The last row's cursor; null when the page is empty.");
    }
}

internal sealed class SortEnumType : EnumerationGraphType
{
    public SortEnumType()
    {
        Name = "SortEnumType";
        Description = "The direction of an order.";
        Add("ASC", value: false, "Smallest, oldest or first in the alphabet at the beginning.");
        Add("DESC", value: true, "Largest, newest or last in the alphabet at the beginning.");
    }
}

internal static class PagingArguments
{
    /// <summary>The argument `order` as it was written; empty where it was not.</summary>
    public static IReadOnlyList<IDictionary<string, object?>> Order(this IResolveFieldContext context) =>
        context.GetArgument<object?>("order") is IEnumerable<object?> keys ? [.. keys.Cast<IDictionary<string, object?>>()] : [];

    /// <summary>The four arguments of a Relay connection.</summary>
    public static global::GraphQL.Builders.FieldBuilder<TSource, TReturn> Paged<TSource, TReturn>(this global::GraphQL.Builders.FieldBuilder<TSource, TReturn> field) => field
        .Argument<IntGraphType>("first", $"How many rows to return from the list's start, or after `after`; {PageRequest.DefaultSize} unless given, at most {PageRequest.MaxSize}.")
        .Argument<StringGraphType>("after", "The cursor after which rows are wanted.")
        .Argument<IntGraphType>("last", $"How many rows to return from the list's end, or before `before`; at most {PageRequest.MaxSize}.")
        .Argument<StringGraphType>("before", "The cursor before which rows are wanted.")
        .Costs().ConnectionSize(PageRequest.MaxSize, PageRequest.DefaultSize);
}
