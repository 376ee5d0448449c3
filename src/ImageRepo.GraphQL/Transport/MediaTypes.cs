using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.GraphQL.Transport;

/// <summary>The media types of the GraphQL-over-HTTP specification.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string Response = "application/graphql-response+json";
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
        }
        return null;
    }

    private static bool Is(MediaTypeHeaderValue type, string name) => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase);
}
