using System.Runtime.CompilerServices;
using GraphQL;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Images;

namespace ImageRepo.GraphQL.Subscriptions;

internal static class ImageChanged
{
    /// <summary>The caller's changes from now on, those of the named images alone where any are named.</summary>
    public static IAsyncEnumerable<object> Open(IResolveFieldContext context)
    {
        var changes = context.Service<IImageChanges>();
        var ids = context.GetArgument<List<string>?>("imageIds") is { } texts
            ? ImageIds.ParseAll(texts, context.Service<ImageLimits>()).Ids.ToHashSet()
            : null;
        var owner = context.Owner();
        return WatchAsync();

        async IAsyncEnumerable<object> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var change in changes.WatchAsync(owner, cancellationToken))
            {
                if (ids is null || ids.Contains(change.ImageId))
                {
                    yield return change;
                }
            }
        }
    }
}
