using System.Globalization;
using GraphQL;
using GraphQL.Types;
using GraphQLParser.AST;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Costs;

/// <summary>
/// Adds up what an operation would cost at most, before it is executed: lists count as long as their arguments ask for, which is
/// why this looks at the variables too. For documents that the guard has let pass and that are valid.
/// </summary>
internal sealed class CostMeter(ISchema schema, GraphQLOptions limits)
{
    /// <summary>Null when the operation is within the limits; else HC0047.</summary>
    public ExecutionError? Check(GraphQLDocument document, GraphQLOperationDefinition operation, IReadOnlyDictionary<string, object?> variables)
    {
        var cost = Measure(document, operation, variables);
        return cost.Field > limits.MaxFieldCost ? Refusal("field", cost.Field, limits.MaxFieldCost)
            : cost.Type > limits.MaxTypeCost ? Refusal("type", cost.Type, limits.MaxTypeCost)
            : null;
    }

    public Cost Measure(GraphQLDocument document, GraphQLOperationDefinition operation, IReadOnlyDictionary<string, object?> variables)
    {
        IObjectGraphType? root = operation.Operation switch
        {
            OperationType.Mutation => schema.Mutation,
            OperationType.Subscription => schema.Subscription,
            _ => schema.Query,
        };
        return new Walk(schema, document, operation, variables).Selections(operation.SelectionSet, root, FieldSizes.None);
    }

    private static ExecutionError Refusal(string kind, double cost, int max) => new($"The maximum allowed {kind} cost was exceeded.")
    {
        Code = "HC0047",
        Extensions = new Dictionary<string, object?> { [$"{kind}Cost"] = cost, [$"max{char.ToUpperInvariant(kind[0])}{kind[1..]}Cost"] = max },
    };

    /// <param name="Field">The weights of fields.</param>
    /// <param name="Type">The number of objects.</param>
    public readonly record struct Cost(double Field, double Type)
    {
        public static Cost operator +(Cost left, Cost right) => new(left.Field + right.Field, left.Type + right.Type);
    }

    /// <summary>The size that a connection gives to the lists within it.</summary>
    private readonly record struct FieldSizes(IReadOnlyList<string> Fields, int Size)
    {
        public static FieldSizes None { get; } = new([], 1);
    }

    private sealed class Walk(ISchema schema, GraphQLDocument document, GraphQLOperationDefinition operation, IReadOnlyDictionary<string, object?> variables)
    {
        private readonly Dictionary<string, GraphQLFragmentDefinition> _fragments = document.Definitions.OfType<GraphQLFragmentDefinition>()
            .ToDictionary(f => f.FragmentName.Name.StringValue);

        public Cost Selections(GraphQLSelectionSet? set, IGraphType? type, FieldSizes sizes)
        {
            var sum = default(Cost);
            foreach (var selection in set?.Selections ?? [])
            {
                sum += selection switch
                {
                    GraphQLField field => Field(field, type, sizes),
                    GraphQLFragmentSpread spread when _fragments.TryGetValue(spread.FragmentName.Name.StringValue, out var fragment) =>
                        Selections(fragment.SelectionSet, Named(fragment.TypeCondition), sizes),
                    GraphQLInlineFragment inline => Selections(inline.SelectionSet, inline.TypeCondition is { } condition ? Named(condition) : type, sizes),
                    _ => default,
                };
            }
            return sum;
        }

        private Cost Field(GraphQLField field, IGraphType? parent, FieldSizes sizes)
        {
            var name = field.Name.StringValue;
            // Introspection reads no data; the guard bounds it.
            if ((parent as IComplexGraphType)?.Fields.Find(name) is not { } definition || name.StartsWith("__", StringComparison.Ordinal))
            {
                return default;
            }
            var cost = FieldCost.Of(definition);
            var isSized = cost.SizedFields.Count > 0;
            var asked = isSized || cost.SlicingArguments.Count > 0 ? Asked(field, definition, cost) : cost.AssumedSize;
            var length = sizes.Fields.Contains(name) ? sizes.Size : isSized ? 1 : asked;
            var inner = Selections(field.SelectionSet, definition.ResolvedType!.GetNamedType(), isSized ? new FieldSizes(cost.SizedFields, asked) : FieldSizes.None);
            return new Cost(cost.Weight + length * inner.Field, cost.IsObject ? length * (1 + inner.Type) : 0);
        }

        /// <summary>The largest of the slicing arguments; one beyond what is allowed is refused elsewhere, by its own name.</summary>
        private int Asked(GraphQLField field, FieldType definition, FieldCost cost)
        {
            int? asked = null;
            foreach (var name in cost.SlicingArguments)
            {
                var written = field.Arguments?.Items.Find(a => a.Name.StringValue == name)?.Value;
                var size = written is null ? definition.Arguments?.Find(name)?.DefaultValue as int? : Number(written);
                asked = size > (asked ?? -1) ? size : asked;
            }
            return Math.Clamp(asked ?? cost.DefaultSize ?? cost.AssumedSize, 0, cost.AssumedSize);
        }

        private int? Number(GraphQLValue written) => written switch
        {
            GraphQLIntValue number => Number(number.Value.ToString()),
            GraphQLVariable variable when variables.TryGetValue(variable.Name.StringValue, out var value) => value as int?,
            GraphQLVariable variable => operation.Variables?.Items.Find(v => v.Variable.Name == variable.Name)?.DefaultValue is GraphQLIntValue number
                ? Number(number.Value.ToString()) : null,
            _ => null,
        };

        private static int? Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

        private IGraphType? Named(GraphQLTypeCondition condition) => schema.AllTypes[condition.Type.Name.StringValue];
    }
}
