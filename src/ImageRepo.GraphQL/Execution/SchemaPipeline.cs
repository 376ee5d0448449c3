using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using GraphQLParser.AST;
using ImageRepo.Domain;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Subscriptions;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageRepo.GraphQL.Execution;

/// <summary>The one way in which documents are executed, for HTTP and for the pages: prepare, scope to the caller, execute, name the errors.</summary>
internal sealed class SchemaPipeline(
    ISchema schema, DocumentStore documents, PersistedOperations persisted, CostMeter costs, ILogger<SchemaPipeline> logger)
{
    private const int MaxErrors = 50;
    private readonly DocumentExecuter _executer = new(
        new GraphQLDocumentBuilder(), new global::GraphQL.Validation.DocumentValidator(), new SerialExecution(), []);

    /// <summary>What can be said before anything is executed, or files are received for it; null when nothing is wrong.</summary>
    public async Task<SchemaResponse?> RefuseAsync(SchemaRequest request, CancellationToken cancellationToken) =>
        (await PrepareAsync(request, cancellationToken)).Refused;

    /// <summary>Whether the request asks for a subscription. False for one that will be refused.</summary>
    public async Task<bool> IsSubscriptionAsync(SchemaRequest request, CancellationToken cancellationToken) =>
        (await PrepareAsync(request with { IsStreamed = true }, cancellationToken)).Operation is OperationType.Subscription;

    /// <summary>What the guard counted in the request's document; 0 for one that will be refused.</summary>
    public async Task<long> FieldsAsync(SchemaRequest request, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(request.Document) ? 0 : (await documents.PrepareAsync(request.Document, cancellationToken)).Fields;

    /// <summary>Executes the request as the context's caller. Nothing but the cancellation throws.</summary>
    /// <param name="happened">A subscription's event; without one, the subscription is opened and the context holds its events.</param>
    public async Task<SchemaResponse> ExecuteAsync(
        SchemaRequest request, RequestContext context, IServiceProvider services, CancellationToken cancellationToken, object? happened = null)
    {
        var (document, operation, refused) = await PrepareAsync(request, cancellationToken);
        if (refused is not null)
        {
            return refused;
        }
        if (context.Caller.Owner is { } owner)
        {
            services.GetRequiredService<OwnerScope>().Enter(owner);
        }
        TimeSpan? retryAfter = null;
        var result = await _executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = schema,
            Root = happened,
            Document = document,
            // Validated when it was prepared; variables and arguments are checked at each execution all the same.
            ValidationRules = [],
            OperationName = request.OperationName,
            Variables = new Inputs(request.Variables),
            UserContext = context,
            RequestServices = services,
            CancellationToken = cancellationToken,
            UnhandledExceptionDelegate = failure =>
            {
                retryAfter ??= (failure.Exception as ServerBusyException)?.RetryAfter;
                failure.Exception = Describe(failure.Exception, cancellationToken);
                return Task.CompletedTask;
            },
        });
        Shorten(result);
        // Nothing comes of a subscription whose source did not open: an error of the request, by the specification.
        result.Executed &= operation is not OperationType.Subscription || happened is not null || context.Events is not null;
        return new SchemaResponse(result, result.Executed ? Refusal.None : Refusal.BadRequest, retryAfter);
    }

    /// <summary>The request with the document that its hash stands for, where it is known.</summary>
    public SchemaRequest Resolve(SchemaRequest request) => persisted.Resolve(request).Request;

    private async Task<(GraphQLDocument? Document, OperationType? Operation, SchemaResponse? Refused)> PrepareAsync(SchemaRequest request, CancellationToken cancellationToken)
    {
        (request, var unknown) = persisted.Resolve(request);
        if (unknown is not null)
        {
            return (null, null, unknown);
        }
        if (string.IsNullOrEmpty(request.Document))
        {
            return (null, null, SchemaResponse.Refused("Either the parameter query or the parameter id has to be set.", "HC0013"));
        }
        var prepared = await documents.PrepareAsync(request.Document, cancellationToken);
        if (prepared.Errors is not null)
        {
            var result = new ExecutionResult { Errors = prepared.Errors };
            Shorten(result);
            return (null, null, new SchemaResponse(result, Refusal.BadRequest));
        }
        var operations = prepared.Document!.Definitions.OfType<GraphQLOperationDefinition>().ToList();
        var operation = string.IsNullOrEmpty(request.OperationName)
            ? operations.Count == 1 ? operations[0] : null
            : operations.FirstOrDefault(o => o.Name?.StringValue == request.OperationName);
        return operation switch
        {
            null when operations.Count == 0 => (null, null, SchemaResponse.Refused("The document does not contain any operation.", null)),
            null when string.IsNullOrEmpty(request.OperationName) => (null, null, SchemaResponse.Refused("The operation name can only be omitted if there is just one operation in a GraphQL document.", null)),
            null => (null, null, SchemaResponse.Refused($"The specified operation `{request.OperationName}` cannot be found.", null)),
            { Operation: OperationType.Mutation } when request.QueriesOnly =>
                (null, null, SchemaResponse.Refused("The specified operation kind is not allowed.", null, Refusal.NotAQuery)),
            { Operation: OperationType.Subscription } when !request.IsStreamed =>
                (null, null, SchemaResponse.Refused("A subscription needs the `Accept` header text/event-stream, or a WebSocket.", "HC0063", Refusal.NeedsStream)),
            _ when costs.Check(prepared.Document, operation, request.Variables) is { } tooCostly =>
                (null, null, new SchemaResponse(new ExecutionResult { Errors = [tooCostly] }, Refusal.BadRequest)),
            _ => (Kept(request, prepared.Document), operation.Operation, null),
        };
    }

    private GraphQLDocument Kept(SchemaRequest request, GraphQLDocument document)
    {
        persisted.Keep(request);
        return document;
    }

    /// <summary>A domain exception speaks for itself; all else is for the log, and the client learns only that it happened.</summary>
    private Exception Describe(Exception exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // Whatever breaks when the client has left is no failure of ours.
            return exception;
        }
        if (exception is DomainException refused)
        {
            return new ExecutionError(refused.Message) { Code = DomainErrorCodes.Of(refused) };
        }
        if (exception is InvalidOperationException && exception.Message.StartsWith("Cannot return null for a non-null type.", StringComparison.Ordinal))
        {
            logger.LogError(exception, "A field that is never null has no value");
            return new ExecutionError("Cannot return null for non-nullable field.") { Code = "HC0018" };
        }
        logger.LogError(exception, "A field could not be resolved");
        return exception;
    }

    /// <summary>A document can be wrong in as many places as it is long.</summary>
    private static void Shorten(ExecutionResult result)
    {
        if (result.Errors is { Count: > MaxErrors } errors)
        {
            var first = new ExecutionErrors();
            first.AddRange(errors.Take(MaxErrors));
            result.Errors = first;
        }
    }

    /// <summary>All resolvers of a request share one DbContext, which can't do two things at once.</summary>
    private sealed class SerialExecution : IExecutionStrategySelector
    {
        // A strategy keeps buffers between executions and guards them, so one is enough.
        private readonly SerialExecutionStrategy _strategy = new();
        private readonly SubscriptionStrategy _subscriptions = new();

        public IExecutionStrategy Select(global::GraphQL.Execution.ExecutionContext context) =>
            context.Operation.Operation == OperationType.Subscription ? _subscriptions : _strategy;
    }
}
