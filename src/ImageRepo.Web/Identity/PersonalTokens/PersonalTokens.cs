using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Clients;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Identity.Tokens;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.PersonalTokens;

/// <summary>
/// Access tokens that a person makes for scripts of their own. Each has an authorization of its own, without an application, which names it;
/// what the person gets is a reference to what the database keeps.
/// </summary>
internal sealed class PersonalTokens(
    OpenIddictAuthorizationManager<ClientAuthorization> authorizations, OpenIddictTokenManager<ClientToken> tokens, TokenPrincipals principals,
    IOpenIddictServerFactory transactions, IOpenIddictServerDispatcher server, ImageRepoDbContext database, BaseAddress address, TimeProvider time, AuditLog audit)
{
    public const int MostOfOneAccount = 50;
    private const string NameProperty = "name";

    /// <summary>Makes one; null when the account has as many as it may.</summary>
    /// <returns>The token, which is shown once: only its hash is kept.</returns>
    public async Task<string?> CreateAsync(User user, NewPersonalToken wanted, CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"select 1 from account where id = {user.Id} for update", cancellationToken);
        if (await Valid(user.Id).CountAsync(cancellationToken) >= MostOfOneAccount)
        {
            return null;
        }
        var descriptor = new OpenIddictAuthorizationDescriptor
        {
            CreationDate = time.GetUtcNow(),
            Status = Statuses.Valid,
            Subject = user.Id.ToString(),
            Type = AuthorizationTypes.AdHoc,
        };
        descriptor.Scopes.UnionWith(wanted.Scopes);
        descriptor.Properties[NameProperty] = JsonSerializer.SerializeToElement(wanted.Name);
        var authorization = await authorizations.CreateAsync(descriptor, cancellationToken);
        var principal = principals.Create(user, wanted.Scopes);
        principal.SetAuthorizationId(authorization.Id.ToString());
        principal.SetCreationDate(time.GetUtcNow());
        principal.SetExpirationDate(time.GetUtcNow() + wanted.Lifetime);
        var token = await GenerateAsync(principal, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        audit.Write(AuditEvent.TokenIssued, user.Id, by: "personal token");
        return token;
    }

    /// <summary>The account's that are still good, youngest first.</summary>
    public async Task<IReadOnlyList<PersonalTokenCard>> OfAsync(Guid account, CancellationToken cancellationToken)
    {
        var rows = await Valid(account).AsNoTracking().OrderByDescending(a => a.Id)
            .Select(a => new { Authorization = a, ExpiresAt = a.Tokens.Max(t => t.ExpirationDate) }).ToListAsync(cancellationToken);
        var cards = new List<PersonalTokenCard>();
        foreach (var row in rows)
        {
            var properties = await authorizations.GetPropertiesAsync(row.Authorization, cancellationToken);
            cards.Add(new PersonalTokenCard(
                row.Authorization.Id, properties[NameProperty].GetString()!, row.Authorization.CreationDate ?? default, row.ExpiresAt ?? default,
                await authorizations.GetScopesAsync(row.Authorization, cancellationToken)));
        }
        return cards;
    }

    /// <summary>Ends one; false when the account has none with this id.</summary>
    public async Task<bool> EndAsync(Guid account, Guid id, CancellationToken cancellationToken)
    {
        if (await Valid(account).SingleOrDefaultAsync(a => a.Id == id, cancellationToken) is not { } authorization)
        {
            return false;
        }
        await authorizations.TryRevokeAsync(authorization, cancellationToken);
        await tokens.RevokeByAuthorizationIdAsync(id.ToString(), cancellationToken);
        audit.Write(AuditEvent.TokenRevoked, account, by: "personal token");
        return true;
    }

    private IQueryable<ClientAuthorization> Valid(Guid account)
    {
        var (subject, now) = (account.ToString(), time.GetUtcNow().UtcDateTime);
        return database.Set<ClientAuthorization>().Where(a => a.Subject == subject && a.Application == null && a.Status == Statuses.Valid
            && a.Tokens.Any(t => t.Status == Statuses.Valid && t.ExpirationDate > now));
    }

    /// <summary>Has the server make the token as for an application, but with no request that asks for it.</summary>
    private async Task<string> GenerateAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        var transaction = await transactions.CreateTransactionAsync();
        transaction.BaseUri = address.Current;
        transaction.CancellationToken = cancellationToken;
        var context = new OpenIddictServerEvents.GenerateTokenContext(transaction)
        {
            CreateTokenEntry = true,
            IsReferenceToken = true,
            PersistTokenPayload = true,
            Principal = principal.Clone(claim => claim.HasDestination(Destinations.AccessToken) || claim.Type.StartsWith("oi_", StringComparison.Ordinal)),
            TokenFormat = TokenFormats.Private.JsonWebToken,
            TokenType = TokenTypeIdentifiers.AccessToken,
        };
        await server.DispatchAsync(context);
        return context.IsRejected || context.Token is not { } token
            ? throw new InvalidOperationException($"The server made no token: {context.ErrorDescription}")
            : token;
    }
}

/// <param name="CreatedAt">In UTC.</param>
/// <param name="ExpiresAt">In UTC.</param>
internal sealed record PersonalTokenCard(Guid Id, string Name, DateTime CreatedAt, DateTime ExpiresAt, ImmutableArray<string> Scopes);
