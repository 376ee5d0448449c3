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
internal sealed class SchemaPipeline(ISchema schema, Preparation requests, Outages outages, ILogger<SchemaPipeline> logger)
{
    private readonly DocumentExecuter _executer = new(
        new GraphQLDocumentBuilder(), new global::GraphQL.Validation.DocumentValidator(), new SerialExecution(), []);

    /// <summary>Executes the request as the context's caller. Nothing but the cancellation throws.</summary>
    /// <param name="happened">A subscription's event; without one, the subscription is opened and the context holds its events.</param>
    public async Task<SchemaResponse> ExecuteAsync(
        SchemaRequest request, RequestContext context, IServiceProvider services, CancellationToken cancellationToken, object? happened = null)
    {
        var prepared = await requests.PrepareAsync(request, cancellationToken);
        if (prepared.Refused is not null)
        {
            return prepared.Refused;
        }
        if (request.CostReport is CostReport.InsteadOfResult)
        {
            return new SchemaResponse(new ExecutionResult { Extensions = prepared.Cost.ToExtensions() }, Refusal.None);
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
            Document = prepared.Document,
            // Validated when it was prepared; variables and arguments are checked at each execution all the same.
            ValidationRules = [],
            OperationName = request.OperationName,
            Variables = new Inputs(request.Variables),
            UserContext = context,
            RequestServices = services,
            CancellationToken = cancellationToken,
            UnhandledExceptionDelegate = failure =>
            {
                var away = cancellationToken.IsCancellationRequested ? null : outages.Of(failure.Exception);
                retryAfter ??= away?.RetryAfter;
                failure.Exception = Describe(away ?? failure.Exception, cancellationToken);
                return Task.CompletedTask;
            },
        });
        ErrorCount.Shorten(result);
        // Nothing comes of a subscription whose source did not open: an error of the request, by the specification.
        result.Executed &= prepared.Operation is not OperationType.Subscription || happened is not null || context.Events is not null;
        if (request.CostReport is CostReport.WithResult)
        {
            result.Extensions = prepared.Cost.ToExtensions();
        }
        return new SchemaResponse(result, result.Executed ? Refusal.None : Refusal.BadRequest, retryAfter);
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
