using GraphQL;
using GraphQLParser.AST;
using ImageRepo.GraphQL.Costs;

namespace ImageRepo.GraphQL.Execution;

/// <summary>A request whose document is valid, with the operation that it names; or why it is refused.</summary>
internal sealed record PreparedRequest(GraphQLDocument? Document, OperationType? Operation, Cost Cost, SchemaResponse? Refused)
{
    public static PreparedRequest Not(SchemaResponse refused, Cost cost = default) => new(null, null, cost, refused);
}

/// <summary>What can be said of a request before anything is executed, or files are received for it.</summary>
internal sealed class Preparation(DocumentStore documents, PersistedOperations persisted, CostMeter costs)
{
    /// <summary>Why the request is refused; null when it may be executed.</summary>
    public async Task<SchemaResponse?> RefuseAsync(SchemaRequest request, CancellationToken cancellationToken) =>
        (await PrepareAsync(request, cancellationToken)).Refused;

    /// <summary>Whether the request asks for a subscription. False for one that will be refused.</summary>
    public async Task<bool> IsSubscriptionAsync(SchemaRequest request, CancellationToken cancellationToken) =>
        (await PrepareAsync(request with { IsStreamed = true }, cancellationToken)).Operation is OperationType.Subscription;

    /// <summary>The request's document, by itself or by its hash; null when there is none.</summary>
    public string? DocumentOf(SchemaRequest request) => persisted.Resolve(request).Request.Document;

    /// <summary>What the guard counts in the request's document.</summary>
    public DocumentSize Measure(SchemaRequest request) => DocumentOf(request) is { Length: > 0 } document ? documents.Measure(document) : default;

    public async Task<PreparedRequest> PrepareAsync(SchemaRequest request, CancellationToken cancellationToken)
    {
        (request, var unknown) = persisted.Resolve(request);
        if (unknown is not null)
        {
            return PreparedRequest.Not(unknown);
        }
        if (string.IsNullOrEmpty(request.Document))
        {
            return PreparedRequest.Not(SchemaResponse.Refused("Either the parameter query or the parameter id has to be set.", "HC0013"));
        }
        var prepared = await documents.PrepareAsync(request.Document, cancellationToken);
        if (prepared.Errors is not null)
        {
            var result = new ExecutionResult { Errors = prepared.Errors };
            ErrorCount.Shorten(result);
            return PreparedRequest.Not(new SchemaResponse(result, Refusal.BadRequest));
        }
        var operations = prepared.Document!.Definitions.OfType<GraphQLOperationDefinition>().ToList();
        var operation = string.IsNullOrEmpty(request.OperationName)
            ? operations.Count == 1 ? operations[0] : null
            : operations.FirstOrDefault(o => o.Name?.StringValue == request.OperationName);
        return operation switch
        {
            null when operations.Count == 0 => PreparedRequest.Not(SchemaResponse.Refused("The document does not contain any operation.", null)),
            null when string.IsNullOrEmpty(request.OperationName) =>
                PreparedRequest.Not(SchemaResponse.Refused("The operation name can only be omitted if there is just one operation in a GraphQL document.", null)),
            null => PreparedRequest.Not(SchemaResponse.Refused($"The specified operation `{request.OperationName}` cannot be found.", null)),
            { Operation: OperationType.Mutation } when request.QueriesOnly =>
                PreparedRequest.Not(SchemaResponse.Refused("The specified operation kind is not allowed.", null, Refusal.NotAQuery)),
            { Operation: OperationType.Subscription } when !request.IsStreamed =>
                PreparedRequest.Not(SchemaResponse.Refused("A subscription needs the `Accept` header text/event-stream, or a WebSocket.", "HC0063", Refusal.NeedsStream)),
            _ => Priced(request, prepared.Document, operation),
        };
    }

    private PreparedRequest Priced(SchemaRequest request, GraphQLDocument document, GraphQLOperationDefinition operation)
    {
        var cost = costs.Measure(document, operation, request.Variables);
        if (request.CostReport is not CostReport.InsteadOfResult && costs.Check(cost) is { } tooMuch)
        {
            var extensions = request.CostReport is CostReport.WithResult ? cost.ToExtensions() : null;
            return PreparedRequest.Not(new SchemaResponse(new ExecutionResult { Errors = [tooMuch], Extensions = extensions }, Refusal.BadRequest), cost);
        }
        persisted.Keep(request);
        return new PreparedRequest(document, operation.Operation, cost, null);
    }
}
