using GraphQL;
using GraphQL.Types;
using GraphQLParser.AST;

namespace ImageRepo.GraphQL.Costs;

/// <summary>The size that a connection gives to the lists within it.</summary>
internal readonly record struct SizedLists(IReadOnlyList<string> Fields, int Size)
{
    public static SizedLists None { get; } = new([], 1);
}

/// <summary>Goes through one operation as its execution would: fields of one response name are merged, and of several possible types the costliest counts.</summary>
internal sealed class CostWalk(ISchema schema, GraphQLDocument document, WrittenValues values)
{
    private readonly Dictionary<string, GraphQLFragmentDefinition> _fragments = document.Definitions.OfType<GraphQLFragmentDefinition>()
        .ToDictionary(f => f.FragmentName.Name.StringValue);

    private readonly record struct Selected(GraphQLField Field, IGraphType On);

    public Cost Selections(IReadOnlyList<GraphQLSelectionSet> sets, IGraphType type, SizedLists sizes)
    {
        var selected = new List<Selected>();
        foreach (var set in sets)
        {
            Collect(set, type, selected);
        }
        return type is IAbstractGraphType several
            ? several.PossibleTypes.Aggregate(default(Cost), (largest, possible) => Cost.Larger(largest, Sum(selected, possible, sizes)))
            : Sum(selected, (IObjectGraphType)type, sizes);
    }

    private void Collect(GraphQLSelectionSet set, IGraphType type, List<Selected> selected)
    {
        foreach (var selection in set.Selections)
        {
            switch (selection)
            {
                case GraphQLField field:
                    selected.Add(new Selected(field, type));
                    break;
                case GraphQLFragmentSpread spread:
                    var fragment = _fragments[spread.FragmentName.Name.StringValue];
                    Collect(fragment.SelectionSet, Named(fragment.TypeCondition), selected);
                    break;
                case GraphQLInlineFragment inline:
                    Collect(inline.SelectionSet, inline.TypeCondition is { } condition ? Named(condition) : type, selected);
                    break;
            }
        }
    }

    private Cost Sum(List<Selected> selected, IObjectGraphType type, SizedLists sizes) => selected
        .Where(s => s.On == type || (s.On is IAbstractGraphType several && several.PossibleTypes.Contains(type)))
        .GroupBy(s => (s.Field.Alias?.Name ?? s.Field.Name).StringValue, s => s.Field)
        .Aggregate(default(Cost), (sum, fields) => sum + Field([.. fields], type, sizes));

    private Cost Field(List<GraphQLField> fields, IObjectGraphType parent, SizedLists sizes)
    {
        var field = fields[0];
        var name = field.Name.StringValue;
        // Introspection reads no data; the guard bounds it.
        if (name.StartsWith("__", StringComparison.Ordinal) || parent.Fields.Find(name) is not { } definition)
        {
            return default;
        }
        var cost = FieldCost.Of(definition);
        var asked = cost.SlicingArguments.Count > 0 ? Asked(field, definition, cost) : cost.AssumedSize;
        var length = sizes.Fields.Contains(name) ? sizes.Size : cost.IsList ? asked : 1;
        var sets = fields.Select(f => f.SelectionSet).OfType<GraphQLSelectionSet>().ToList();
        var inner = sets.Count == 0 ? default
            : Selections(sets, definition.ResolvedType!.GetNamedType(), cost.SizedFields.Count > 0 ? new SizedLists(cost.SizedFields, asked) : SizedLists.None);
        return new Cost(cost.Weight + Arguments(field, definition) + length * inner.Field, cost.IsObject ? length * (1 + inner.Type) : 0);
    }

    private double Arguments(GraphQLField field, FieldType definition) => (field.Arguments?.Items ?? []).Sum(written =>
        definition.Arguments?.Find(written.Name.StringValue) is { ResolvedType: { } type } argument
            ? FieldCost.OfInput(argument, type) + values.Cost(written.Value, type)
            : 0);

    /// <summary>The largest of the slicing arguments; one beyond what is allowed is refused elsewhere, by its own name.</summary>
    private int Asked(GraphQLField field, FieldType definition, FieldCost cost)
    {
        int? asked = null;
        foreach (var name in cost.SlicingArguments)
        {
            var written = field.Arguments?.Items.Find(a => a.Name.StringValue == name)?.Value;
            var size = written is null ? definition.Arguments?.Find(name)?.DefaultValue as int? : values.Number(written);
            asked = size > (asked ?? -1) ? size : asked;
        }
        return Math.Clamp(asked ?? cost.DefaultSize ?? cost.AssumedSize, 0, cost.AssumedSize);
    }

    private IGraphType Named(GraphQLTypeCondition condition) => schema.AllTypes[condition.Type.Name.StringValue]!;
}
