using GraphQL;
using GraphQL.Builders;
using GraphQL.Resolvers;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Subscriptions;

/// <summary>
/// Where a subscription field's events come from. They are pulled, one after the other, so that a slow client holds back its own
/// stream; the engine's observables would push them into memory.
/// </summary>
internal sealed class EventSource(Func<IResolveFieldContext, IAsyncEnumerable<object>> open, Permission permission) : ISourceStreamResolver
{
    /// <exception cref="ExecutionError">The caller lacks the permission.</exception>
    public IAsyncEnumerable<object> Open(IResolveFieldContext context)
    {
        FieldAuthorization.Demand(context, permission);
        return open(context);
    }

    /// <summary>The engine asks every field of a subscription for it; <see cref="SubscriptionStrategy"/> never does.</summary>
    ValueTask<IObservable<object?>> ISourceStreamResolver.ResolveAsync(IResolveFieldContext context) =>
        throw new NotSupportedException("Events are pulled from the source.");
}

internal static class EventSources
{
    /// <summary>Makes it a field of a subscription, for callers with the permission: checked at the start and at each event.</summary>
    public static FieldBuilder<TSource, TReturn> Subscribe<TSource, TReturn>(
        this FieldBuilder<TSource, TReturn> field, Permission permission, Func<IResolveFieldContext, IAsyncEnumerable<object>> open)
    {
        field.Resolve(context => (TReturn?)(object?)context.Source).Require(permission);
        field.FieldType.StreamResolver = new EventSource(open, permission);
        return field;
    }
}
