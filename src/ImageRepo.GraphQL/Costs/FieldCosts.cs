using System.Globalization;
using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;

namespace ImageRepo.GraphQL.Costs;

internal static class FieldCosts
{
    /// <summary>Of a field whose resolver asks the database.</summary>
    public const int Asking = 10;

    /// <summary>Marks a field that costs more than another of its kind.</summary>
    public static FieldBuilder<TSource, TReturn> Costs<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, int weight = Asking)
    {
        field.FieldType.ApplyDirective(CostDirective.DirectiveName, CostDirective.Weight, weight.ToString(CultureInfo.InvariantCulture));
        return field;
    }

    /// <summary>Tells how long a list may be that no argument bounds.</summary>
    public static FieldBuilder<TSource, TReturn> ListSize<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, int assumedSize)
    {
        field.FieldType.ApplyDirective(ListSizeDirective.DirectiveName, ListSizeDirective.AssumedSize, assumedSize);
        return field;
    }

    /// <summary>Tells that `first` bounds a list.</summary>
    public static FieldBuilder<TSource, TReturn> ListSize<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, int assumedSize, int defaultSize)
    {
        field.FieldType.ApplyDirective(ListSizeDirective.DirectiveName, directive => directive
            .AddArgument(new DirectiveArgument(ListSizeDirective.AssumedSize) { Value = assumedSize })
            .AddArgument(new DirectiveArgument(ListSizeDirective.SlicingArguments) { Value = new[] { "first" } })
            .AddArgument(new DirectiveArgument(ListSizeDirective.SlicingArgumentDefaultValue) { Value = defaultSize })
            .AddArgument(new DirectiveArgument(ListSizeDirective.RequireOneSlicingArgument) { Value = false }));
        return field;
    }

    /// <summary>Tells that `first` or `last` bounds the lists of a connection.</summary>
    public static FieldBuilder<TSource, TReturn> ConnectionSize<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, int assumedSize, int defaultSize)
    {
        field.FieldType.ApplyDirective(ListSizeDirective.DirectiveName, directive => directive
            .AddArgument(new DirectiveArgument(ListSizeDirective.AssumedSize) { Value = assumedSize })
            .AddArgument(new DirectiveArgument(ListSizeDirective.SlicingArguments) { Value = new[] { "first", "last" } })
            .AddArgument(new DirectiveArgument(ListSizeDirective.SlicingArgumentDefaultValue) { Value = defaultSize })
            .AddArgument(new DirectiveArgument(ListSizeDirective.SizedFields) { Value = new[] { "edges", "nodes" } })
            .AddArgument(new DirectiveArgument(ListSizeDirective.RequireOneSlicingArgument) { Value = false }));
        return field;
    }
}
