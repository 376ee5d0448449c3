using System.Security.Cryptography;
using ImageRepo.Domain.Accounts;
using ImageRepo.Infrastructure.Clients;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Applications;

/// <summary>The applications that accounts have registered, each account's for itself, and those that an operator has.</summary>
internal sealed class RegisteredApplications(
    OpenIddictApplicationManager<ClientApplication> applications, ImageRepoDbContext database, TimeProvider time, AuditLog audit)
{
    public const int MostOfOneAccount = 25;

    /// <summary>The account's, oldest first.</summary>
    public async Task<IReadOnlyList<ApplicationCard>> OfAsync(OwnerId owner, CancellationToken cancellationToken)
    {
        var cards = new List<ApplicationCard>();
        foreach (var application in await database.Set<ClientApplication>().AsNoTracking().Where(a => a.OwnerId == owner).OrderBy(a => a.Id).ToListAsync(cancellationToken))
        {
            cards.Add(await DescribeAsync(application, cancellationToken));
        }
        return cards;
    }

    /// <summary>Registers it; null when the account has as many as it may.</summary>
    /// <param name="owner">Null for the whole installation's: it ends with no account.</param>
    public async Task<Credentials?> RegisterAsync(OwnerId? owner, NewApplication wanted, CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (owner is { } account && !await HasRoomAsync(account, cancellationToken))
        {
            return null;
        }
        var secret = wanted.Kind is ApplicationKind.Device ? null : WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var application = new ClientApplication { OwnerId = owner, CreatedAt = time.GetUtcNow() };
        var descriptor = Describe(wanted, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
        await applications.PopulateAsync(application, descriptor, cancellationToken);
        await applications.CreateAsync(application, secret, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        audit.Write(AuditEvent.ApplicationRegistered, owner?.Value, descriptor.ClientId);
        return new Credentials(wanted.Name, descriptor.ClientId!, secret);
    }

    /// <summary>Removes it with all that was given to it; false when the account has none with this id.</summary>
    public async Task<bool> RemoveAsync(OwnerId owner, Guid id, CancellationToken cancellationToken)
    {
        var application = await database.Set<ClientApplication>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.OwnerId == owner, cancellationToken);
        return application is not null && await RemoveAsync(application, cancellationToken);
    }

    /// <summary>For operators: whoever registered it. The product's own stays.</summary>
    /// <returns>False when there is none with this client id.</returns>
    public async Task<bool> RemoveAsync(string clientId, CancellationToken cancellationToken)
    {
        var application = await database.Set<ClientApplication>().AsNoTracking().SingleOrDefaultAsync(a => a.ClientId == clientId && a.ClientId != CommandLineClient.ClientId, cancellationToken);
        return application is not null && await RemoveAsync(application, cancellationToken);
    }

    /// <summary>For operators: all but the product's own, with the names of the accounts that registered them, oldest first.</summary>
    public async Task<IReadOnlyList<(ApplicationCard Application, string? Owner)>> AllAsync(CancellationToken cancellationToken)
    {
        var names = await database.Users.ToDictionaryAsync(u => u.OwnerId, u => u.UserName, cancellationToken);
        var all = new List<(ApplicationCard, string?)>();
        foreach (var application in await database.Set<ClientApplication>().AsNoTracking().Where(a => a.ClientId != CommandLineClient.ClientId).OrderBy(a => a.Id).ToListAsync(cancellationToken))
        {
            all.Add((await DescribeAsync(application, cancellationToken), application.OwnerId is { } owner ? names.GetValueOrDefault(owner) : null));
        }
        return all;
    }

    /// <summary>One registration at a time of one account, so that the count holds.</summary>
    private async Task<bool> HasRoomAsync(OwnerId owner, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlAsync($"select 1 from account where id = {owner.Value} for update", cancellationToken);
        return await database.Set<ClientApplication>().CountAsync(a => a.OwnerId == owner, cancellationToken) < MostOfOneAccount;
    }

    private async Task<bool> RemoveAsync(ClientApplication application, CancellationToken cancellationToken)
    {
        // Its authorizations and tokens go with it, by the database's own references.
        var isGone = await database.Set<ClientApplication>().Where(a => a.Id == application.Id).ExecuteDeleteAsync(cancellationToken) > 0;
        if (isGone)
        {
            audit.Write(AuditEvent.ApplicationRemoved, application.OwnerId?.Value, application.ClientId);
        }
        return isGone;
    }

    private static OpenIddictApplicationDescriptor Describe(NewApplication wanted, string clientId)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = clientId,
            DisplayName = wanted.Name,
            ClientType = wanted.Kind is ApplicationKind.Device ? ClientTypes.Public : ClientTypes.Confidential,
            // A native application may be answered on any port of its own machine.
            ApplicationType = wanted.RedirectAddresses.Any(RedirectAddress.IsOfDevice) ? ApplicationTypes.Native : ApplicationTypes.Web,
            ConsentType = ConsentTypes.Explicit,
        };
        descriptor.RedirectUris.UnionWith(wanted.RedirectAddresses);
        descriptor.PostLogoutRedirectUris.UnionWith(wanted.AddressesAfterSignOut);
        descriptor.Permissions.UnionWith(wanted.Kind switch
        {
            ApplicationKind.Server => ClientPermissions.Confidential,
            ApplicationKind.Device => ClientPermissions.Public,
            _ => ClientPermissions.OwnScript(wanted.Scopes),
        });
        return descriptor;
    }

    private async Task<ApplicationCard> DescribeAsync(ClientApplication application, CancellationToken cancellationToken)
    {
        var permissions = await applications.GetPermissionsAsync(application, cancellationToken);
        var kind = permissions.Contains(Permissions.GrantTypes.ClientCredentials) ? ApplicationKind.Script
            : await applications.HasClientTypeAsync(application, ClientTypes.Public, cancellationToken) ? ApplicationKind.Device
            : ApplicationKind.Server;
        return new ApplicationCard(
            application.Id, application.ClientId!, application.DisplayName ?? application.ClientId!, kind, application.CreatedAt,
            await applications.GetRedirectUrisAsync(application, cancellationToken), [.. ClientPermissions.ScopesOf(permissions)]);
    }
}

/// <param name="Secret">Shown once, since only its hash is kept; null for a public client.</param>
internal sealed record Credentials(string Name, string ClientId, string? Secret);

/// <summary>A registered application as its owner sees it.</summary>
internal sealed record ApplicationCard(
    Guid Id, string ClientId, string Name, ApplicationKind Kind, DateTimeOffset CreatedAt, IReadOnlyList<string> RedirectAddresses, IReadOnlyList<string> Scopes);
