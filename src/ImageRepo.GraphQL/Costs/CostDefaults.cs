using System.Globalization;
using GraphQL;
using GraphQL.Types;
using GraphQL.Utilities;

namespace ImageRepo.GraphQL.Costs;

/// <summary>Weighs filters and orders as Hot Chocolate does by default, so that no type says it of each of its fields.</summary>
internal sealed class CostDefaults : BaseSchemaNodeVisitor
{
    private const int Filtering = 10;
    private const int Sorting = 10;

    /// <summary>Of what no index answers, such as a text that may stand anywhere.</summary>
    private const int Expensive = 20;

    private static readonly HashSet<string> ExpensiveOperations = ["contains", "ncontains", "startsWith", "nstartsWith", "endsWith", "nendsWith"];

    public override void VisitObjectFieldArgumentDefinition(QueryArgument argument, FieldType field, IObjectGraphType type, ISchema schema)
    {
        var name = argument.ResolvedType!.GetNamedType().Name;
        if (name.EndsWith("FilterInput", StringComparison.Ordinal))
        {
            Weigh(argument, Filtering);
        }
        else if (name.EndsWith("SortInput", StringComparison.Ordinal))
        {
            Weigh(argument, Sorting);
        }
    }

    public override void VisitInputObjectFieldDefinition(FieldType field, IInputObjectGraphType type, ISchema schema)
    {
        var isOperation = type.Name.EndsWith("OperationFilterInput", StringComparison.Ordinal) || type.Name.StartsWith("ListFilterInputTypeOf", StringComparison.Ordinal);
        if (isOperation && field.Name is not ("and" or "or"))
        {
            Weigh(field, ExpensiveOperations.Contains(field.Name) ? Expensive : Filtering);
        }
        else if (type.Name.EndsWith("SortInput", StringComparison.Ordinal))
        {
            Weigh(field, Sorting);
        }
    }

    /// <summary>A weight that stands there already is the field's own.</summary>
    private static void Weigh(IMetadataWriter part, int weight)
    {
        if (part.MetadataReader.GetAppliedDirectives()?.Find(CostDirective.DirectiveName) is null)
        {
            part.ApplyDirective(CostDirective.DirectiveName, CostDirective.Weight, weight.ToString(CultureInfo.InvariantCulture));
        }
    }
}
