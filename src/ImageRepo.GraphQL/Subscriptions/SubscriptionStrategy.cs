using GraphQL;
using GraphQL.Execution;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Subscriptions;

/// <summary>Opens a subscription's source when there is no event yet, and executes the selection on the event when there is one.</summary>
internal sealed class SubscriptionStrategy : SerialExecutionStrategy
{
    public override Task<ExecutionResult> ExecuteAsync(global::GraphQL.Execution.ExecutionContext context) =>
        context.RootValue is null ? Task.FromResult(Open(context)) : base.ExecuteAsync(context);

    private ExecutionResult Open(global::GraphQL.Execution.ExecutionContext context)
    {
        var root = BuildExecutionRootNode(context, GetOperationRootType(context));
        if (root.SubFields is not [{ FieldDefinition.StreamResolver: EventSource source } field])
        {
            throw new ExecutionError("A subscription has exactly one root field.");
        }
        try
        {
            ((RequestContext)context.UserContext).Events = source.Open(new ReadonlyResolveFieldContext(field, context));
        }
        catch (ExecutionError refused)
        {
            refused.Path = field.ResponsePath;
            throw;
        }
        return new ExecutionResult { Executed = true };
    }
}
