using GraphQL;
using ImageRepo.Domain.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Execution;

/// <summary>What the resolvers of one request know of it.</summary>
internal sealed class RequestContext(Caller caller, Uri baseUrl) : Dictionary<string, object?>
{
    public Caller Caller { get; } = caller;

    /// <summary>What a subscription's events come from, once it is opened.</summary>
    public IAsyncEnumerable<object>? Events { get; set; }

    /// <summary>Where clients reach the product; links are relative to it.</summary>
    public Uri BaseUrl { get; } = baseUrl;
}

internal static class RequestContexts
{
    public static RequestContext Request(this IResolveFieldContext context) => (RequestContext)context.UserContext;

    /// <summary>The caller's id, in a field that requires one.</summary>
    public static OwnerId Owner(this IResolveFieldContext context) =>
        context.Request().Caller.Owner ?? throw new InvalidOperationException($"The field {context.FieldDefinition.Name} requires no caller.");

    public static T Service<T>(this IResolveFieldContext context) where T : notnull =>
        (context.RequestServices ?? throw new InvalidOperationException("The request has no services.")).GetRequiredService<T>();

    public static ImageRepoDbContext Db(this IResolveFieldContext context) => context.Service<ImageRepoDbContext>();
}
