using ImageRepo.GraphQL.Subscriptions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Transport;

/// <summary>
/// Whoever the host's bearer scheme says that a token is. It is asked when a stream opens and again at each event, so that a token
/// that was revoked meanwhile is noticed as the scheme notices it.
/// </summary>
internal static class BearerToken
{
    /// <summary>The usual names of the scheme, the one of OpenIddict's validation and the one of JwtBearer.</summary>
    private static readonly string[] Schemes = ["OpenIddict.Validation.AspNetCore", "Bearer"];

    /// <summary>Whoever the request itself says: its cookie or its Authorization header.</summary>
    public static async Task<Subscriber> SubscriberAsync(HttpContext http, Uri baseUrl)
    {
        var subscriber = Subscriber.Of(http, baseUrl);
        return !subscriber.HasCookie && http.Request.Headers.Authorization is [{ Length: > 0 } authorization] && await SchemeAsync(http) is { } scheme
            ? subscriber with { IsStillGoodAsync = () => IsGoodAsync(http, authorization, scheme) }
            : subscriber;
    }

    /// <summary>
    /// Whoever a token says that arrives in a message, since browsers can't send headers with a WebSocket; null when the scheme
    /// refuses it or there is none.
    /// </summary>
    /// <param name="authorization">As an Authorization header: "Bearer …".</param>
    public static async Task<Subscriber?> AuthenticateAsync(HttpContext http, string? authorization, Uri baseUrl)
    {
        if (string.IsNullOrEmpty(authorization) || authorization.Any(char.IsControl) || await SchemeAsync(http) is not { } scheme)
        {
            return null;
        }
        return await ValidateAsync(http, authorization, scheme) is { Succeeded: true, Principal: { } user } result
            ? Subscriber.From(user, result.Properties, baseUrl) with { IsStillGoodAsync = () => IsGoodAsync(http, authorization, scheme) }
            : null;
    }

    private static async Task<string?> SchemeAsync(HttpContext http)
    {
        if (http.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes)
        {
            foreach (var name in Schemes)
            {
                if (await schemes.GetSchemeAsync(name) is not null)
                {
                    return name;
                }
            }
        }
        return null;
    }

    private static async Task<bool> IsGoodAsync(HttpContext http, string authorization, string scheme) =>
        (await ValidateAsync(http, authorization, scheme)).Succeeded;

    /// <summary>Authenticates a copy of the request that has this header and no cookie, with services of its own.</summary>
    private static async Task<AuthenticateResult> ValidateAsync(HttpContext http, string authorization, string scheme)
    {
        await using var scope = http.RequestServices.CreateAsyncScope();
        var copy = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = http.RequestAborted };
        (copy.Request.Method, copy.Request.Scheme, copy.Request.Host) = (HttpMethods.Get, http.Request.Scheme, http.Request.Host);
        (copy.Request.PathBase, copy.Request.Path) = (http.Request.PathBase, http.Request.Path);
        copy.Connection.RemoteIpAddress = http.Connection.RemoteIpAddress;
        copy.Request.Headers.Authorization = authorization;
        // Some schemes prepare a request before they can authenticate it, as the authentication middleware lets them.
        var handler = await scope.ServiceProvider.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(copy, scheme);
        return handler is IAuthenticationRequestHandler prepared && await prepared.HandleRequestAsync()
            ? AuthenticateResult.NoResult()
            : await copy.AuthenticateAsync(scheme);
    }
}
