using ImageRepo.Infrastructure.Clients;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Consents;

/// <summary>Which applications an account has let in.</summary>
internal sealed class GivenAccess(
    OpenIddictAuthorizationManager<ClientAuthorization> authorizations, OpenIddictTokenManager<ClientToken> tokens, ImageRepoDbContext database,
    TimeProvider time, AuditLog audit)
{
    /// <summary>Those with access now, and those that would be let in without a question; one line for each.</summary>
    public async Task<IReadOnlyList<AccessCard>> OfAsync(Guid account, CancellationToken cancellationToken)
    {
        var subject = account.ToString();
        var now = time.GetUtcNow().UtcDateTime;
        var given = await database.Set<ClientAuthorization>().AsNoTracking()
            .Where(a => a.Subject == subject && a.Application != null && a.Status == Statuses.Valid)
            .Where(a => a.Type == AuthorizationTypes.Permanent || a.Tokens.Any(t => t.Status == Statuses.Valid && t.ExpirationDate > now))
            .Select(a => new { a.Id, a.CreationDate, ApplicationId = a.Application!.Id, Name = a.Application.DisplayName ?? a.Application.ClientId!, Authorization = a })
            .ToListAsync(cancellationToken);
        var cards = new List<AccessCard>();
        foreach (var ofOne in given.GroupBy(g => (g.ApplicationId, g.Name)).OrderBy(g => g.Key.Name, StringComparer.CurrentCultureIgnoreCase))
        {
            var scopes = new HashSet<string>();
            foreach (var one in ofOne)
            {
                scopes.UnionWith(await authorizations.GetScopesAsync(one.Authorization, cancellationToken));
            }
            cards.Add(new AccessCard(ofOne.Key.ApplicationId, ofOne.Key.Name, ofOne.Min(g => g.CreationDate) ?? default, [.. ScopeWords.Of(scopes)]));
        }
        return cards;
    }

    /// <summary>Ends all access of the application to the account; it must ask again.</summary>
    /// <returns>False when it had none.</returns>
    public async Task<bool> EndAsync(Guid account, Guid application, CancellationToken cancellationToken)
    {
        var (subject, client) = (account.ToString(), application.ToString());
        // The authorizations first: no token can then be made of them.
        var ended = await authorizations.RevokeAsync(subject, client, status: null, type: null, cancellationToken);
        ended += await tokens.RevokeAsync(subject, client, status: null, type: null, cancellationToken);
        if (ended > 0)
        {
            audit.Write(AuditEvent.ConsentRevoked, account, await database.Set<ClientApplication>().Where(a => a.Id == application).Select(a => a.ClientId).SingleOrDefaultAsync(cancellationToken));
        }
        return ended > 0;
    }
}

/// <param name="Since">When it was let in first (UTC).</param>
/// <param name="Allows">What it may do, in words.</param>
internal sealed record AccessCard(Guid ApplicationId, string Name, DateTime Since, IReadOnlyList<string> Allows);
