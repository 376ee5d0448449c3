using System.Security.Claims;
using System.Text.Json;
using GraphQL;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Transport;

namespace ImageRepo.GraphQL;

/// <summary>
/// Executes a document in process, through the very pipeline that HTTP clients meet: guard, cache, authorisation, errors.
/// Scoped: it shares the request's DbContext.
/// </summary>
public sealed class SchemaExecutor
{
    private readonly SchemaPipeline _pipeline;
    private readonly SchemaJson _json;
    private readonly BaseAddress _address;
    private readonly ImageUploader _uploader;
    private readonly IServiceProvider _services;

    internal SchemaExecutor(SchemaPipeline pipeline, SchemaJson json, BaseAddress address, ImageUploader uploader, IServiceProvider services) =>
        (_pipeline, _json, _address, _uploader, _services) = (pipeline, json, address, uploader, services);

    /// <param name="document">A GraphQL document with one operation.</param>
    /// <param name="variables">
    /// Strings, numbers, booleans, Guids, DateTimeOffsets, enums, JsonElements, lists and dictionaries of them. For an <c>Upload</c>: the
    /// <see cref="StagedUpload"/>, or the <see cref="ImageRepo.Domain.DomainException"/> that staging ended with, which becomes that
    /// mutation's typed error. What was staged and did not become an image is discarded before this returns.
    /// </param>
    /// <param name="user">The caller, as HttpContext.User.</param>
    public async Task<SchemaResult> ExecuteAsync(
        string document, IReadOnlyDictionary<string, object?>? variables, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = new SchemaRequest(document, null, Variables.From(variables ?? new Dictionary<string, object?>()));
        try
        {
            var context = new RequestContext(Caller.From(user), _address.Current);
            var response = await _pipeline.ExecuteAsync(request, context, _services, cancellationToken);
            return new SchemaResult(_json.Data(response.Result), [.. (response.Result.Errors ?? []).Select(Describe)]) { RetryAfter = response.RetryAfter };
        }
        finally
        {
            await _uploader.DiscardUnusedAsync(request.Variables);
        }
    }

    private static SchemaError Describe(ExecutionError error)
    {
        var (message, code) = SchemaErrorInfo.Describe(error);
        return new SchemaError(message, code, [.. error.Path ?? []]);
    }
}

/// <param name="Data">The data object as it would be sent; null when nothing was executed.</param>
public sealed record SchemaResult(JsonElement? Data, IReadOnlyList<SchemaError> Errors)
{
    /// <summary>Set when the server was too busy for it; ask again then.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <param name="Code">As in <c>extensions.code</c>, for example AUTH_NOT_AUTHENTICATED; null where there is none.</param>
/// <param name="Path">Field names and list indexes; empty for an error of the whole request.</param>
public sealed record SchemaError(string Message, string? Code, IReadOnlyList<object> Path);
