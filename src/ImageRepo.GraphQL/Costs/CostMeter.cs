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
    /// <summary>Null when the cost is within the limits; else HC0047.</summary>
    public ExecutionError? Check(Cost cost) =>
        cost.Field > limits.MaxFieldCost ? Refusal("field", cost.Field, limits.MaxFieldCost)
        : cost.Type > limits.MaxTypeCost ? Refusal("type", cost.Type, limits.MaxTypeCost)
        : null;

    public Cost Measure(GraphQLDocument document, GraphQLOperationDefinition operation, IReadOnlyDictionary<string, object?> variables)
    {
        IObjectGraphType? root = operation.Operation switch
        {
            OperationType.Mutation => schema.Mutation,
            OperationType.Subscription => schema.Subscription,
            _ => schema.Query,
        };
        return new Cost(0, 1) + new CostWalk(schema, document, new WrittenValues(operation, variables)).Selections([operation.SelectionSet], root!, SizedLists.None);
    }

    private static ExecutionError Refusal(string kind, double cost, int max) => new($"The maximum allowed {kind} cost was exceeded.")
    {
        Code = "HC0047",
        Extensions = new Dictionary<string, object?> { [$"{kind}Cost"] = cost, [$"max{char.ToUpperInvariant(kind[0])}{kind[1..]}Cost"] = max },
    };
}
