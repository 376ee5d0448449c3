using GraphQL;

namespace ImageRepo.GraphQL.Filtering;

internal static class FilterErrors
{
    public static ExecutionError NullNotSupported(string field) =>
        new($"The provided value for filter `{field}` is invalid. Null values are not supported.") { Code = "HC0026" };

    public static ExecutionError TooManyConditions(int max) =>
        new($"The filter has more conditions than the {max} allowed.") { Code = "HC0047" };

    public static ExecutionError UnreadableText(string field) =>
        new($"The provided value for filter `{field}` is invalid. It holds characters that no text can have.") { Code = "HC0016" };
}
