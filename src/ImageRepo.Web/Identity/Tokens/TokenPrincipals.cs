using System.Security.Claims;
using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>What tokens say of an account.</summary>
internal sealed class TokenPrincipals(UserManager<User> users, SignInManager<User> signIn, SecurityStamps stamps)
{
    /// <summary>The account as tokens name it, with the scopes.</summary>
    /// <param name="signedInAt">When the person has shown who they are; null where nobody was asked.</param>
    public ClaimsPrincipal Create(User user, IEnumerable<string> scopes, DateTimeOffset? signedInAt = null)
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role));
        principal.SetScopes(scopes);
        principal.SetClaim(Claims.AuthenticationTime, signedInAt?.ToUnixTimeSeconds());
        Describe(principal, user);
        return principal;
    }

    /// <summary>The account that a code or token was made for, if it may still sign in; the principal then says what is true of it now.</summary>
    public async Task<User?> RefreshAsync(ClaimsPrincipal principal)
    {
        if (principal.GetClaim(Claims.Subject) is not { } subject || await FindAsync(subject) is not { } user)
        {
            return null;
        }
        Describe(principal, user);
        return user;
    }

    /// <summary>The account with this id, if it may sign in.</summary>
    public async Task<User?> FindAsync(string id) =>
        await users.FindByIdAsync(id) is { } user && await signIn.CanSignInAsync(user) ? user : null;

    private void Describe(ClaimsPrincipal principal, User user)
    {
        principal.SetClaim(Claims.Subject, user.Id.ToString());
        principal.SetClaim(Claims.Name, user.UserName);
        principal.SetClaim(Claims.PreferredUsername, user.UserName);
        principal.SetClaim(Claims.Email, user.Email);
        principal.SetClaim(Claims.EmailVerified, user.EmailConfirmed);
        principal.SetClaim(stamps.ClaimType, user.SecurityStamp);
        principal.SetDestinations(claim => Destinations(claim, principal));
    }

    /// <summary>Access tokens are encrypted, so that the stamp in them shows to nobody; identity tokens are for everyone to read.</summary>
    private IEnumerable<string> Destinations(Claim claim, ClaimsPrincipal principal) => claim.Type switch
    {
        Claims.Subject or Claims.AuthenticationTime => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        Claims.Name or Claims.PreferredUsername when principal.HasScope(Scopes.Profile) => [OpenIddictConstants.Destinations.IdentityToken],
        Claims.Email or Claims.EmailVerified when principal.HasScope(Scopes.Email) => [OpenIddictConstants.Destinations.IdentityToken],
        _ when claim.Type == stamps.ClaimType => [OpenIddictConstants.Destinations.AccessToken],
        _ => [],
    };
}
