using System.Security.Claims;
using System.Text.Json;
using ImageRepo.Domain.Images;

namespace ImageRepo.GraphQL;

/// <summary>
/// Executes a document in process, through the very pipeline that HTTP clients meet: guard, cache, authorisation, errors.
/// Scoped: it shares the request's DbContext.
/// </summary>
public sealed class SchemaExecutor
{
    /// <param name="document">A GraphQL document with one operation.</param>
    /// <param name="variables">
    /// Strings, numbers, booleans, Guids, DateTimeOffsets, enums, JsonElements, lists and dictionaries of them. For an <c>Upload</c>: the
    /// <see cref="StagedUpload"/>, or the <see cref="ImageRepo.Domain.DomainException"/> that staging ended with, which becomes that
    /// mutation's typed error. What was staged and did not become an image is discarded before this returns.
    /// </param>
    /// <param name="user">The caller, as HttpContext.User.</param>
    public Task<SchemaResult> ExecuteAsync(
        string document, IReadOnlyDictionary<string, object?>? variables, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}

/// <param name="Data">The data object as it would be sent; null when nothing was executed.</param>
public sealed record SchemaResult(JsonElement? Data, IReadOnlyList<SchemaError> Errors);

/// <param name="Code">As in <c>extensions.code</c>, for example AUTH_NOT_AUTHENTICATED; null where there is none.</param>
/// <param name="Path">Field names and list indexes; empty for an error of the whole request.</param>
public sealed record SchemaError(string Message, string? Code, IReadOnlyList<object> Path);
