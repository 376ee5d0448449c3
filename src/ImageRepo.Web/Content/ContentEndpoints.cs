using System.Net.Http.Headers;
using ImageRepo.Domain;
using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Imaging;
using ImageRepo.Infrastructure.ObjectStorage;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.Web.Content;

/// <summary>Answers the links of <see cref="IContentLinks"/>: whoever holds one may read that object until it expires, without any other credential.</summary>
internal static class ContentEndpoints
{
    public static void MapContent(this WebApplication app)
    {
        // Short-circuited: the link is the credential, so nobody looks for a session with each thumbnail.
        app.MapMethods("/content/{token}", [HttpMethods.Get, HttpMethods.Head], ReadAsync).ShortCircuit();
        app.MapUploadParts();
    }

    private static async Task<IResult> ReadAsync(
        string token, HttpContext context, ContentTokens tokens, IObjectStore store, OnDemandRenditions renditions, IContentLinks links,
        IOptions<CrossOriginOptions> origins, Outages outages, TimeProvider time, CancellationToken cancellationToken)
    {
        Guard(context, origins.Value);
        if (tokens.Read(token, out var ticket) is var state && ticket is null)
        {
            return state == ContentTokenState.Expired
                ? new LinkProblem(StatusCodes.Status403Forbidden, "This link has expired", "Links to images work for a short time only. Open the image in ImageRepo again to get a new one.")
                : new LinkProblem(StatusCodes.Status403Forbidden, "This link is not valid", "It may have been cut off or changed on its way. Open the image in ImageRepo again to get a new one.");
        }
        try
        {
            return await (links.Origin is null ? SendAsync() : RedirectAsync())
                ?? new LinkProblem(StatusCodes.Status404NotFound, "This image is gone", "Its owner has deleted it.");
        }
        catch (Exception failure) when (outages.Of(failure) is { } away)
        {
            context.Response.Headers.RetryAfter = new RetryConditionHeaderValue(away.RetryAfter).ToString();
            return new LinkProblem(StatusCodes.Status503ServiceUnavailable, "This image can't be shown right now", away.Message);
        }
        catch (DomainException refused)
        {
            return new LinkProblem(StatusCodes.Status422UnprocessableEntity, "This size can't be made", refused.Message);
        }

        async Task<IResult?> SendAsync()
        {
            var content = await store.OpenReadAsync(ticket.ObjectKey, cancellationToken);
            if (content is null && await renditions.MakeAsync(ticket.ObjectKey, cancellationToken))
            {
                content = await store.OpenReadAsync(ticket.ObjectKey, cancellationToken);
            }
            if (content is null)
            {
                return null;
            }
            LetKeep(context.Response, ticket.ExpiresAt, time);
            // Answers conditions, ranges and HEAD, writes the file name as RFC 6266 has it, and closes the content.
            return TypedResults.Stream(
                content.Content, content.ContentType, ticket.DownloadName, content.LastModified,
                new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{content.ETag}\""), enableRangeProcessing: true);
        }

        // The store answers browsers itself, once the rendition is there.
        async Task<IResult?> RedirectAsync()
        {
            if (!await store.ExistsAsync(ticket.ObjectKey, cancellationToken) && !await renditions.MakeAsync(ticket.ObjectKey, cancellationToken))
            {
                return null;
            }
            var direct = links.Create(ticket.ObjectKey, ticket.DownloadName);
            LetKeep(context.Response, direct.ExpiresAt < ticket.ExpiresAt ? direct.ExpiresAt : ticket.ExpiresAt, time);
            return TypedResults.Redirect(direct.Url.ToString());
        }
    }

    private static void LetKeep(HttpResponse response, DateTimeOffset until, TimeProvider time) =>
        response.Headers.CacheControl = $"private, immutable, max-age={Math.Max(0, (long)(until - time.GetUtcNow()).TotalSeconds)}";

    /// <summary>What a browser may do with bytes that a stranger has uploaded: show them as a picture, and nothing else.</summary>
    private static void Guard(HttpContext context, CrossOriginOptions origins)
    {
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        // Another site's web app shows pictures by <img>, which tells no origin: so it is all sites or none. Whoever has the link may read it anyway.
        response.Headers["Cross-Origin-Resource-Policy"] = origins.List is [] ? "same-site" : "cross-origin";
        if (origins.List is [_, ..])
        {
            // A picture that a page has shown and a copy for its scripts are two answers, to the browser's cache too.
            response.Headers.Vary = HeaderNames.Origin;
        }
        if (context.Request.Headers.Origin is [{ } asking] && origins.List.Contains(asking))
        {
            response.Headers.AccessControlAllowOrigin = asking;
        }
        response.Headers["Referrer-Policy"] = "no-referrer";
    }

    private sealed class LinkProblem(int status, string title, string text) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.CacheControl = "no-store";
            var page = $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1><p>{text}</p></html>";
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(page, context.RequestAborted);
        }
    }
}
