using Microsoft.AspNetCore.Http;

namespace ImageRepo.GraphQL.Transport;

/// <summary>
/// Whether a browser sent the request from a page of the product itself. Streams that a cookie opens need it, since a page of any
/// other site could open them too and neither WebSocket nor GET is asked for in advance.
/// </summary>
public static class SameOrigin
{
    /// <param name="baseUrl">Where clients reach the product.</param>
    public static bool Holds(HttpRequest request, Uri baseUrl)
    {
        if (request.Headers.Origin is not [{ } text] || !Uri.TryCreate(text, UriKind.Absolute, out var origin) || origin is not { PathAndQuery: "/", Host.Length: > 0 })
        {
            return false;
        }
        return IsSame(origin, baseUrl)
            || (Uri.TryCreate($"{request.Scheme}://{request.Host}/", UriKind.Absolute, out var asked) && IsSame(origin, asked));
    }

    private static bool IsSame(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
