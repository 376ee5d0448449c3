using System.Buffers;
using System.Globalization;
using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Http;

namespace ImageRepo.GraphQL.Transport;

/// <summary>Answers with the status that the media type calls for.</summary>
internal sealed class ResponseWriter(SchemaJson json)
{
    /// <param name="status">For a request that is none; else the response and the media type decide.</param>
    public async Task WriteAsync(HttpContext http, string mediaType, SchemaResponse response, int? status = null)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        var output = new ArrayBufferWriter<byte>(4 << 10);
        json.Write(output, response.Result);
        http.Response.StatusCode = status ?? Status(response, mediaType);
        http.Response.ContentType = $"{mediaType}; charset=utf-8";
        http.Response.ContentLength = output.WrittenCount;
        http.Response.Headers.CacheControl = "no-store";
        if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            http.Response.Headers.Allow = HttpMethods.Post;
        }
        if (response.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(output.WrittenMemory, http.RequestAborted);
        }
    }

    private static int Status(SchemaResponse response, string mediaType) => response switch
    {
        { RetryAfter: not null } => StatusCodes.Status503ServiceUnavailable,
        { Refusal: Refusal.NotAQuery } => StatusCodes.Status405MethodNotAllowed,
        { Refusal: Refusal.BadRequest } when mediaType == MediaTypes.Response => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };
}
