using GraphQL;

namespace ImageRepo.GraphQL.Paging;

internal static class PagingErrors
{
    public static ExecutionError TooManyItems(int requested, int max) => new("The maximum allowed items per page were exceeded.")
    {
        Code = "HC0051",
        Extensions = new Dictionary<string, object?> { ["requestedItems"] = requested, ["maxAllowedItems"] = max },
    };

    public static ExecutionError NegativeItems(int requested) => new("The requested number of values per page must be at least 0.")
    {
        Code = "HC0079",
        Extensions = new Dictionary<string, object?> { ["requestedItems"] = requested, ["minAllowedItems"] = 0 },
    };

    public static ExecutionError InvalidCursor(string cursor) => new("The cursor specified has an invalid format, or belongs to another order.")
    {
        Code = "HC0078",
        Extensions = new Dictionary<string, object?> { ["cursor"] = cursor.Length <= 200 ? cursor : cursor[..200] },
    };
}
