using GraphQL;
using GraphQL.DataLoader;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Images;
using ImageRepo.GraphQL.Users;

namespace ImageRepo.GraphQL.Nodes;

internal static class NodeResolver
{
    public const int MaxNodes = 100;

    /// <summary>The caller's thing with this id, or a loader of it; null for every other id.</summary>
    public static async Task<object?> ResolveAsync(IResolveFieldContext context, string text) => GlobalId.TryDecode(text, out var type, out var id) ? type switch
    {
        ImageType.TypeName => context.Service<ImageLoader>().Load(context, new ImageId(id)),
        UserType.TypeName => await UserType.FindAsync(context, id),
        _ => null,
    } : null;

    public static async Task<IReadOnlyList<object?>> ResolveAllAsync(IResolveFieldContext context, IReadOnlyCollection<string> ids)
    {
        if (ids.Count > MaxNodes)
        {
            throw new ExecutionError($"The maximum number of nodes that can be fetched at once is {MaxNodes}. This selection tried to fetch {ids.Count} nodes that exceeded the maximum allowed amount.")
            {
                Code = "HC0076",
            };
        }
        List<object?> nodes = [];
        foreach (var id in ids)
        {
            nodes.Add(await ResolveAsync(context, id));
        }
        for (var i = 0; i < nodes.Count; i++)
        {
            nodes[i] = nodes[i] is IDataLoaderResult loader ? await loader.GetResultAsync(context.CancellationToken) : nodes[i];
        }
        return nodes;
    }
}
