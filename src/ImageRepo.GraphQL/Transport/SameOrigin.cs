using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.GraphQL.Transport;

/// <summary>
/// Whether a browser sent the request from a page of the product itself. Streams that a cookie opens need it, since a page of any
/// other site could open them too and neither WebSocket nor GET is asked for in advance.
/// </summary>
public static class SameOrigin
{
    private static readonly object Forgotten = new();

    /// <summary>Leaves the cookies of another site's page out of the request, which then comes from nobody unless it has a token.</summary>
    public static void ForgetCookies(HttpContext http)
    {
        if (http.Request.Headers.Remove(HeaderNames.Cookie))
        {
            http.Items[Forgotten] = true;
        }
    }

    internal static bool HasForgottenCookies(HttpContext http) => http.Items.ContainsKey(Forgotten);

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
