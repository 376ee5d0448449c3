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
        if (response.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        await WriteAsync(http, mediaType, output, status ?? Status(response, mediaType));
    }

    /// <summary>Answers a batch with the array of its results, in their order.</summary>
    public async Task WriteAsync(HttpContext http, string mediaType, IReadOnlyList<SchemaResponse> responses)
    {
        var output = new ArrayBufferWriter<byte>(4 << 10);
        output.Write("["u8);
        for (var i = 0; i < responses.Count; i++)
        {
            output.Write(i == 0 ? default : ","u8);
            json.Write(output, responses[i].Result);
        }
        output.Write("]"u8);
        await WriteAsync(http, mediaType, output, StatusCodes.Status200OK);
    }

    private static async Task WriteAsync(HttpContext http, string mediaType, ArrayBufferWriter<byte> output, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = $"{mediaType}; charset=utf-8";
        http.Response.ContentLength = output.WrittenCount;
        http.Response.Headers.CacheControl = "no-store";
        if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            http.Response.Headers.Allow = HttpMethods.Post;
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
        { Refusal: Refusal.NeedsStream } => StatusCodes.Status406NotAcceptable,
        { Refusal: Refusal.BadRequest } when mediaType == MediaTypes.Response => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };
}
