using System.Net.Http.Headers;
using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Infrastructure.Uploads;
using Microsoft.AspNetCore.Http.Features;

namespace ImageRepo.Web.Content;

/// <summary>
/// Takes the parts of uploads where the store itself can't: whoever has a part's address may send that part until it expires, from any site,
/// without any other credential, as it is with presigned addresses of S3.
/// </summary>
internal static class UploadPartEndpoints
{
    public static void MapUploadParts(this WebApplication app)
    {
        app.MapMethods("/uploads/{token}", [HttpMethods.Put], ReceiveAsync);
        app.MapMethods("/uploads/{token}", [HttpMethods.Options], (HttpContext context) =>
        {
            AllowAnySite(context.Response);
            context.Response.Headers.AccessControlAllowMethods = HttpMethods.Put;
            context.Response.Headers.AccessControlAllowHeaders = "content-type";
            context.Response.Headers.AccessControlMaxAge = "86400";
            return TypedResults.NoContent();
        });
    }

    private static async Task<IResult> ReceiveAsync(string token, HttpContext context, UploadPartTokens tokens, DirectUploads uploads, Outages outages, CancellationToken cancellationToken)
    {
        AllowAnySite(context.Response);
        if (tokens.Read(token) is not { } ticket)
        {
            return TypedResults.Text("This address is not valid, or has expired. Ask for it again with beginUpload.", statusCode: StatusCodes.Status403Forbidden);
        }
        if (context.Request.ContentLength is not { } length)
        {
            return TypedResults.Text("A part needs a Content-Length.", statusCode: StatusCodes.Status411LengthRequired);
        }
        if (length != ticket.Length)
        {
            return TypedResults.Text($"This part has {ticket.Length} bytes, not {length}.", statusCode: StatusCodes.Status400BadRequest);
        }
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = ticket.Length;
        }
        try
        {
            // The server gives out as many bytes as the head has promised, or fails.
            await uploads.ReceiveAsync(ticket.Owner, ticket.Upload, ticket.Part, context.Request.Body, cancellationToken);
            return TypedResults.NoContent();
        }
        catch (UploadNotFoundException gone)
        {
            return TypedResults.Text(gone.Message, statusCode: StatusCodes.Status404NotFound);
        }
        catch (Exception failure) when (outages.Of(failure) is { } away)
        {
            context.Response.Headers.RetryAfter = new RetryConditionHeaderValue(away.RetryAfter).ToString();
            return TypedResults.Text(away.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>Nothing here is told by a cookie, so that no site can do more than its visitor's address allows.</summary>
    private static void AllowAnySite(HttpResponse response) => response.Headers.AccessControlAllowOrigin = "*";
}
