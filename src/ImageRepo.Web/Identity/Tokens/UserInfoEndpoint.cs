using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>Tells an application about the account, as much as its token's scopes allow.</summary>
internal static class UserInfoEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext http, TokenPrincipals principals)
    {
        var token = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (token.Principal is not { } principal || await principals.FindAsync(principal.GetClaim(Claims.Subject) ?? "") is not { } user)
        {
            return Results.Challenge(null, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        }
        var claims = new Dictionary<string, object> { [Claims.Subject] = user.Id.ToString() };
        if (principal.HasScope(Scopes.Profile))
        {
            claims[Claims.Name] = claims[Claims.PreferredUsername] = user.UserName ?? "";
        }
        if (principal.HasScope(Scopes.Email) && user.Email is { } email)
        {
            claims[Claims.Email] = email;
            claims[Claims.EmailVerified] = user.EmailConfirmed;
        }
        return Results.Json(claims);
    }
}
