using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageRepo.Web.Identity.External;

internal enum ExternalOutcome
{
    SignedIn,

    /// <summary>No account is linked to it: a new one may be made.</summary>
    IsUnknown,

    /// <summary>Its account can't be signed in to.</summary>
    IsClosed,
    Linked,

    /// <summary>Another account has it already.</summary>
    IsTaken,
}

/// <summary>
/// Signs in by what a provider says, and links it to accounts. Nothing but a link that somebody made while signed in opens an existing account:
/// no e-mail address does, be it verified or not.
/// </summary>
internal sealed class ExternalSignIn(
    UserManager<User> users, SignInManager<User> signIn, ExternalProviders providers, WaysIn ways, NewAccounts accounts, KnownDevice device, AuditLog audit,
    ImageRepoDbContext database, IHttpContextAccessor http, TimeProvider time)
{
    /// <summary>How long a newcomer may take to choose a name.</summary>
    private static readonly TimeSpan NewcomerLifetime = TimeSpan.FromMinutes(30);

    public async Task<ExternalOutcome> SignInAsync(ExternalIdentity identity)
    {
        if (await users.FindByLoginAsync(identity.Issuer, identity.Key) is not { } user)
        {
            return ExternalOutcome.IsUnknown;
        }
        if (!await signIn.CanSignInAsync(user))
        {
            audit.Write(AuditEvent.SignInRefused, user.Id, by: identity.Provider);
            return ExternalOutcome.IsClosed;
        }
        // Wrong passwords don't lock this way in: nobody guesses here.
        await StartSessionAsync(user, identity);
        return ExternalOutcome.SignedIn;
    }

    public async Task<ExternalOutcome> LinkAsync(User user, ExternalIdentity identity)
    {
        try
        {
            if (await users.FindByLoginAsync(identity.Issuer, identity.Key) is { } owner)
            {
                return owner.Id == user.Id ? ExternalOutcome.Linked : ExternalOutcome.IsTaken;
            }
            var linked = await users.AddLoginAsync(user, identity.Login(NameOf(identity)));
            if (!linked.Succeeded)
            {
                return ExternalOutcome.IsTaken;
            }
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Two at once: the primary key decides.
            return ExternalOutcome.IsTaken;
        }
        audit.Write(AuditEvent.ProviderLinked, user.Id, by: identity.Provider);
        return ExternalOutcome.Linked;
    }

    /// <summary>False when it is the last way in, or something else was removed meanwhile.</summary>
    public async Task<bool> UnlinkAsync(User user, UserLoginInfo login)
    {
        if (!await ways.CanLoseOneAsync(user) || !(await users.RemoveLoginAsync(user, login.LoginProvider, login.ProviderKey)).Succeeded)
        {
            return false;
        }
        audit.Write(AuditEvent.ProviderUnlinked, user.Id);
        // Other sessions end, since their stamp is old; this one goes on.
        await signIn.RefreshSignInAsync(user);
        return true;
    }

    /// <summary>Makes an account that the provider opens, where Registration:Mode lets it, and signs in. Both rows are written or none.</summary>
    /// <param name="invitation">The code, where it takes one.</param>
    public async Task<IdentityResult> SignUpAsync(string userName, string? invitation, ExternalIdentity identity)
    {
        await using var transaction = await database.Database.BeginTransactionAsync();
        var user = new User { UserName = userName, CreatedAt = time.GetUtcNow() };
        var made = await accounts.SignUpAsync(user, password: null, invitation);
        if (!made.Succeeded)
        {
            return made;
        }
        if (await LinkAsync(user, identity) != ExternalOutcome.Linked)
        {
            return IdentityResult.Failed(users.ErrorDescriber.LoginAlreadyAssociated());
        }
        await transaction.CommitAsync();
        audit.Write(AuditEvent.SignedUp, user.Id, by: identity.Provider);
        await ForgetAsync();
        await StartSessionAsync(user, identity);
        return made;
    }

    /// <summary>Keeps who the provider says it is, until a name is chosen.</summary>
    public Task RememberAsync(ExternalIdentity identity, string? returnUrl) => http.HttpContext!.SignInAsync(
        IdentityConstants.ExternalScheme, identity.ToPrincipal(), new AuthenticationProperties { IsPersistent = false, ExpiresUtc = time.GetUtcNow() + NewcomerLifetime, RedirectUri = returnUrl });

    public async Task<(ExternalIdentity? Identity, string? ReturnUrl)> RecallAsync()
    {
        var kept = await http.HttpContext!.AuthenticateAsync(IdentityConstants.ExternalScheme);
        return (ExternalIdentity.FromPrincipal(kept.Principal), kept.Properties?.RedirectUri);
    }

    public Task ForgetAsync() => http.HttpContext!.SignOutAsync(IdentityConstants.ExternalScheme);

    public string NameOf(ExternalIdentity identity) => providers.Find(identity.Provider)?.Name ?? identity.Provider;

    private async Task StartSessionAsync(User user, ExternalIdentity identity)
    {
        await signIn.SignInAsync(user, isPersistent: true, identity.Provider);
        device.Remember(user);
        audit.Write(AuditEvent.SignedIn, user.Id, by: identity.Provider);
    }
}
