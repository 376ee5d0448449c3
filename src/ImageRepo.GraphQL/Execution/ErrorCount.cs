using GraphQL;

namespace ImageRepo.GraphQL.Execution;

internal static class ErrorCount
{
    private const int Max = 50;

    /// <summary>A document can be wrong in as many places as it is long.</summary>
    public static void Shorten(ExecutionResult result)
    {
        if (result.Errors is { Count: > Max } errors)
        {
            var first = new ExecutionErrors();
            first.AddRange(errors.Take(Max));
            result.Errors = first;
        }
    }
}
