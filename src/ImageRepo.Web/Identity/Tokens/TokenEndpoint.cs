using System.Security.Claims;
using ImageRepo.Web.Identity.Applications;
using ImageRepo.Web.Identity.Attempts;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>Gives out tokens for what OpenIddict has checked already: client, code, verifier, refresh token, device code.</summary>
internal static class TokenEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext http, TokenPrincipals principals, OwnScripts scripts, AccountAttempts attempts)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("OpenIddict lets no other request through.");
        var principal = request.IsClientCredentialsGrantType()
            ? await scripts.SignInAsync(request.ClientId!, request.GetScopes(), http.RequestAborted)
            : await ContinueAsync(http, principals);
        if (principal is null)
        {
            return Refuse("The account that this was given to can't sign in any more.");
        }
        // Nothing is used up by then: the same code or refresh token is good when it comes again later.
        return attempts.Refuse(Attempt.Token, principal.GetClaim(Claims.Subject)!) is { } wait
            ? new TooMany(wait)
            : Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static async Task<ClaimsPrincipal?> ContinueAsync(HttpContext http, TokenPrincipals principals)
    {
        var before = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        return before.Principal is { } principal && await principals.RefreshAsync(principal) is not null ? principal : null;
    }

    private static IResult Refuse(string description) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidGrant,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
