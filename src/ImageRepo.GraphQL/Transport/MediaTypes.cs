using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.GraphQL.Transport;

/// <summary>The media types of the GraphQL-over-HTTP specification.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string Response = "application/graphql-response+json";
    public const string EventStream = "text/event-stream";
    public const string Multipart = "multipart/form-data";

    /// <summary>The type to answer with; null when the client accepts none that there is.</summary>
    public static string? Negotiate(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept) || !MediaTypeHeaderValue.TryParseList(accept, out var wanted))
        {
            return Response;
        }
        foreach (var type in wanted.Where(t => t.Quality is not 0).OrderByDescending(t => t.Quality ?? 1))
        {
            if (type.MatchesAllTypes || type.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase) || Is(type, Response))
            {
                return Response;
            }
            if (Is(type, Json))
            {
                return Json;
            }
            if (Is(type, EventStream))
            {
                return EventStream;
            }
        }
        return null;
    }

    /// <summary>The type of an answer that is no result: one that holds JSON, whatever the client accepts.</summary>
    public static string ForErrors(HttpContext http) => Negotiate(http.Request.Headers.Accept) == Json ? Json : Response;

    /// <summary>Whether the client names event streams, as its first choice or not.</summary>
    public static bool AcceptsEventStream(StringValues accept) => Wanted(accept).Any(t => Is(t, EventStream));

    /// <summary>Whether the client takes the type, by its name or by a wildcard.</summary>
    public static bool Accepts(StringValues accept, string name) => Wanted(accept).Any(t => t.MatchesMediaType(name));

    private static IEnumerable<MediaTypeHeaderValue> Wanted(StringValues accept) =>
        !StringValues.IsNullOrEmpty(accept) && MediaTypeHeaderValue.TryParseList(accept, out var wanted) ? wanted.Where(t => t.Quality is not 0) : [];

    private static bool Is(MediaTypeHeaderValue type, string name) => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase);
}
