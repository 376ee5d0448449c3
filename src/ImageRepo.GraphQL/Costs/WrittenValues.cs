using System.Globalization;
using GraphQL;
using GraphQL.Types;
using GraphQLParser.AST;

namespace ImageRepo.GraphQL.Costs;

/// <summary>The values of arguments as a client wrote them, in the document or as variables, which are not checked yet.</summary>
internal sealed class WrittenValues(GraphQLOperationDefinition operation, IReadOnlyDictionary<string, object?> variables)
{
    /// <summary>The weights of the fields written within input objects.</summary>
    public double Cost(GraphQLValue written, IGraphType type) => written switch
    {
        GraphQLVariable variable when variables.TryGetValue(variable.Name.StringValue, out var value) => CostOf(value, type),
        GraphQLVariable variable => Default(variable) is { } value ? Cost(value, type) : 0,
        GraphQLListValue { Values: { } items } => items.Sum(item => Cost(item, type)),
        GraphQLObjectValue { Fields: { } fields } when type.GetNamedType() is IInputObjectGraphType input => fields.Sum(field =>
            input.Fields.Find(field.Name.StringValue) is { ResolvedType: { } inner } definition ? FieldCost.OfInput(definition, inner) + Cost(field.Value, inner) : 0),
        _ => 0,
    };

    /// <summary>The whole number that is written; null when there is none.</summary>
    public int? Number(GraphQLValue written) => written switch
    {
        GraphQLIntValue number => int.TryParse(number.Value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null,
        GraphQLVariable variable when variables.TryGetValue(variable.Name.StringValue, out var value) => value as int?,
        GraphQLVariable variable => Default(variable) is GraphQLIntValue number ? Number(number) : null,
        _ => null,
    };

    private static double CostOf(object? value, IGraphType type) => value switch
    {
        IDictionary<string, object?> fields when type.GetNamedType() is IInputObjectGraphType input => fields.Sum(field =>
            input.Fields.Find(field.Key) is { ResolvedType: { } inner } definition ? FieldCost.OfInput(definition, inner) + CostOf(field.Value, inner) : 0),
        IEnumerable<object?> items => items.Sum(item => CostOf(item, type)),
        _ => 0,
    };

    private GraphQLValue? Default(GraphQLVariable variable) =>
        operation.Variables?.Items.Find(v => v.Variable.Name.StringValue == variable.Name.StringValue)?.DefaultValue;
}
