using GraphQL;
using ImageRepo.Domain;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Errors;

namespace ImageRepo.GraphQL.Execution;

/// <summary>One operation to execute, however it arrived.</summary>
/// <param name="QueriesOnly">True where nothing may be changed, as by GET.</param>
/// <param name="IsStreamed">True where results may follow one another, as a subscription's do.</param>
internal sealed record SchemaRequest(
    string? Document, string? OperationName, Dictionary<string, object?> Variables, bool QueriesOnly = false, bool IsStreamed = false)
{
    /// <summary>SHA-256 of the document in lower-case hexadecimal digits, as the client sent it, with the document or instead of it.</summary>
    public string? DocumentHash { get; init; }

    public CostReport CostReport { get; init; }
}

/// <summary>Why nothing was executed; it decides the HTTP status where the media type lets it.</summary>
internal enum Refusal
{
    None,
    BadRequest,
    NotAQuery,
    NeedsStream,
}

/// <param name="RetryAfter">Set when the server is too busy for it now.</param>
internal sealed record SchemaResponse(ExecutionResult Result, Refusal Refusal, TimeSpan? RetryAfter = null)
{
    public static SchemaResponse Refused(string message, string? code, Refusal refusal = Refusal.BadRequest) =>
        new(new ExecutionResult { Errors = [new ExecutionError(message) { Code = code }] }, refusal);

    public static SchemaResponse Unavailable(UnavailableException away) =>
        Refused(away.Message, DomainErrorCodes.Of(away)) with { RetryAfter = away.RetryAfter };
}
