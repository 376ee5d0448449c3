using System.Collections.Immutable;
using System.Security.Claims;
using ImageRepo.Infrastructure.Clients;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Consents;

/// <summary>What a person has allowed an application for good.</summary>
internal sealed class Consent(OpenIddictAuthorizationManager<ClientAuthorization> authorizations, OpenIddictApplicationManager<ClientApplication> applications)
{
    /// <summary>
    /// Whether an answer may be kept. Not where the answer goes to an address that any program on the person's machine can take, unless the
    /// application proves itself by a secret: another program could then use what was allowed to this one (RFC 8252, section 8.6).
    /// </summary>
    public async Task<bool> CanBeKeptAsync(ClientApplication application, string? redirectUri, CancellationToken cancellationToken) =>
        await applications.HasClientTypeAsync(application, ClientTypes.Confidential, cancellationToken)
        || (Uri.TryCreate(redirectUri, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps);

    /// <summary>The id of what was allowed and covers all these scopes; null when the person must be asked.</summary>
    public async Task<string?> FindAsync(Guid account, ClientApplication application, ImmutableArray<string> scopes, CancellationToken cancellationToken)
    {
        await foreach (var kept in authorizations.FindAsync(
            account.ToString(), application.Id.ToString(), Statuses.Valid, AuthorizationTypes.Permanent, scopes, cancellationToken))
        {
            return await authorizations.GetIdAsync(kept, cancellationToken);
        }
        return null;
    }

    /// <summary>Keeps the answer, with what was allowed before; gives its id.</summary>
    public async Task<string?> KeepAsync(Guid account, ClientApplication application, ImmutableArray<string> scopes, CancellationToken cancellationToken)
    {
        if (await FindAsync(account, application, scopes, cancellationToken) is { } kept)
        {
            return kept;
        }
        var made = await authorizations.CreateAsync(
            new ClaimsIdentity(), account.ToString(), application.Id.ToString(), AuthorizationTypes.Permanent, scopes, cancellationToken);
        return await authorizations.GetIdAsync(made, cancellationToken);
    }
}
