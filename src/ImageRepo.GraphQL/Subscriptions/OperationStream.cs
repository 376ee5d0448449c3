using System.Runtime.CompilerServices;
using GraphQL;
using ImageRepo.Domain;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Subscriptions;

/// <summary>
/// Executes an operation for a client that reads its results from a stream: one of a query or mutation, one for each event of a
/// subscription. Each execution has services of its own and asks anew who the client is.
/// </summary>
internal sealed class OperationStream(SchemaPipeline pipeline, IServiceScopeFactory scopes)
{
    public async IAsyncEnumerable<SchemaResponse> RunAsync(SchemaRequest request, Subscriber subscriber, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, events) = await ExecuteAsync(request with { IsStreamed = true }, subscriber, null, cancellationToken);
        if (events is null)
        {
            yield return first;
            yield break;
        }
        await using var source = events.GetAsyncEnumerator(cancellationToken);
        for (var isOpen = true; isOpen;)
        {
            (var response, isOpen) = await NextAsync(source, request with { IsStreamed = true }, subscriber, cancellationToken);
            if (response is not null)
            {
                yield return response;
            }
        }
    }

    /// <summary>The next event's response, and whether there may be more.</summary>
    private async Task<(SchemaResponse? Response, bool IsOpen)> NextAsync(
        IAsyncEnumerator<object> source, SchemaRequest request, Subscriber subscriber, CancellationToken cancellationToken)
    {
        try
        {
            if (!await source.MoveNextAsync())
            {
                return (null, false);
            }
        }
        catch (DomainException ended)
        {
            return (new SchemaResponse(new ExecutionResult { Executed = true, Errors = [new ExecutionError(ended.Message) { Code = DomainErrorCodes.Of(ended) }] }, Refusal.None), false);
        }
        var (response, _) = await ExecuteAsync(request, subscriber, source.Current, cancellationToken);
        // Whoever is no longer let in is told so once, and hears nothing more.
        return (response, response.Result.Errors?.Any(e => e.Code is FieldAuthorization.NotAuthenticated or FieldAuthorization.NotAuthorized) != true);
    }

    private async Task<(SchemaResponse Response, IAsyncEnumerable<object>? Events)> ExecuteAsync(
        SchemaRequest request, Subscriber subscriber, object? happened, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new RequestContext(await subscriber.CallerNowAsync(scope.ServiceProvider, cancellationToken), subscriber.BaseUrl);
        return (await pipeline.ExecuteAsync(request, context, scope.ServiceProvider, cancellationToken, happened), context.Events);
    }
}
