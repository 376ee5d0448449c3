using System.Collections.Immutable;
using System.Security.Claims;
using ImageRepo.Infrastructure.Clients;
using ImageRepo.Web.Identity.Consents;
using ImageRepo.Web.Identity.Tokens;
using OpenIddict.Core;

namespace ImageRepo.Web.Identity.Applications;

/// <summary>Clients with a secret that act as the account which registered them (client credentials).</summary>
internal sealed class OwnScripts(OpenIddictApplicationManager<ClientApplication> applications, TokenPrincipals principals)
{
    /// <summary>The owner of the client, with the scopes it asks for, or with all that it may have where it asks for none.</summary>
    /// <returns>Null when the owner can't sign in any more.</returns>
    public async Task<ClaimsPrincipal?> SignInAsync(string clientId, ImmutableArray<string> scopes, CancellationToken cancellationToken)
    {
        if (await applications.FindByClientIdAsync(clientId, cancellationToken) is not { OwnerId: { } owner } application
            || await principals.FindAsync(owner.Value.ToString()) is not { } user)
        {
            return null;
        }
        var permitted = ClientPermissions.ScopesOf(await applications.GetPermissionsAsync(application, cancellationToken));
        return principals.Create(user, scopes.IsEmpty ? permitted.Intersect(ScopeWords.OfImages) : scopes);
    }
}
