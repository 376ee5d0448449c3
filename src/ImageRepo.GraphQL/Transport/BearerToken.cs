using ImageRepo.GraphQL.Subscriptions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Transport;

/// <summary>A token that arrives in a message: browsers can't send headers with a WebSocket.</summary>
internal static class BearerToken
{
    /// <summary>The usual names of the scheme, the one of OpenIddict's validation and the one of JwtBearer.</summary>
    private static readonly string[] Schemes = ["OpenIddict.Validation.AspNetCore", "Bearer"];

    /// <summary>Whoever the host's bearer scheme says; null when it refuses the token or there is none.</summary>
    /// <param name="authorization">As an Authorization header: "Bearer …".</param>
    public static async Task<Subscriber?> AuthenticateAsync(HttpContext http, string? authorization, Uri baseUrl)
    {
        if (string.IsNullOrEmpty(authorization) || authorization.Any(char.IsControl) || http.RequestServices.GetService<IAuthenticationSchemeProvider>() is not { } schemes)
        {
            return null;
        }
        foreach (var name in Schemes)
        {
            if (await schemes.GetSchemeAsync(name) is not null)
            {
                return await AuthenticateAsync(http, authorization, name, baseUrl);
            }
        }
        return null;
    }

    /// <summary>Authenticates a copy of the handshake that has this header and no cookie, with services of its own.</summary>
    private static async Task<Subscriber?> AuthenticateAsync(HttpContext http, string authorization, string scheme, Uri baseUrl)
    {
        await using var scope = http.RequestServices.CreateAsyncScope();
        var copy = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = http.RequestAborted };
        (copy.Request.Method, copy.Request.Scheme, copy.Request.Host) = (HttpMethods.Get, http.Request.Scheme, http.Request.Host);
        (copy.Request.PathBase, copy.Request.Path) = (http.Request.PathBase, http.Request.Path);
        copy.Connection.RemoteIpAddress = http.Connection.RemoteIpAddress;
        copy.Request.Headers.Authorization = authorization;
        // Some schemes prepare a request before they can authenticate it, as the authentication middleware lets them.
        var handler = await scope.ServiceProvider.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(copy, scheme);
        if (handler is IAuthenticationRequestHandler prepared && await prepared.HandleRequestAsync())
        {
            return null;
        }
        var result = await copy.AuthenticateAsync(scheme);
        return result is { Succeeded: true, Principal: { } user } ? Subscriber.From(user, result.Properties, baseUrl) : null;
    }
}
