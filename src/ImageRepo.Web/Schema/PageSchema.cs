using System.Text.Json;
using ImageRepo.GraphQL;

namespace ImageRepo.Web.Schema;

/// <summary>Executes the document that stands beside a page, in process, as the signed-in user: pages see what any client would see.</summary>
internal sealed class PageSchema(SchemaExecutor executor, IHttpContextAccessor http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="document">Its path below Pages, without the extension: "Images/Index".</param>
    /// <exception cref="SchemaRefusedException">The schema answered with errors that no payload carries.</exception>
    public async Task<T> ExecuteAsync<T>(string document, IReadOnlyDictionary<string, object?> variables, CancellationToken cancellationToken)
    {
        var user = http.HttpContext?.User ?? throw new InvalidOperationException("A page is executed within a request.");
        var result = await executor.ExecuteAsync(PageDocuments.Read(document), variables, user, cancellationToken);
        return result is { Errors.Count: 0, Data: { } data }
            ? data.Deserialize<T>(Json) ?? throw new InvalidOperationException($"{document} gave no data.")
            : throw new SchemaRefusedException(document, result);
    }
}

/// <summary>What the schema says of a document that it did not execute without errors.</summary>
internal sealed class SchemaRefusedException(string document, SchemaResult result)
    : Exception($"{document}.graphql was refused: {string.Join("; ", result.Errors.Select(e => $"{e.Code} {e.Message}"))}")
{
    private const string InvalidCursor = "HC0078";
    private const string GoneAccount = "ACCOUNT_GONE";

    public bool IsForInvalidCursor => result.Errors.Any(e => e.Code == InvalidCursor);

    public bool IsForGoneAccount => result.Errors.Any(e => e.Code == GoneAccount);

    /// <summary>When to ask again, where the server is busy or something that it needs is away.</summary>
    public TimeSpan? RetryAfter => result.RetryAfter;

    /// <summary>In words, what speaks against it for now or by a rule; null when it is refused for anything else.</summary>
    public string? Reason => result.Errors.FirstOrDefault(e => RetryAfter is not null || e.Code is "TOO_MANY_IMPORTS" or GoneAccount)?.Message;
}
