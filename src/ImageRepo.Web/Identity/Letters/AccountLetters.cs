using ImageRepo.Domain.Accounts;
using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Identity.Attempts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity.Letters;

/// <summary>Letters with links that prove who holds an e-mail address: to confirm it, and to choose a new password.</summary>
internal sealed class AccountLetters(
    UserManager<User> users, ImageRepoDbContext db, IEmailSender post, NewPassword passwords, AccountAttempts attempts, AuditLog audit, IOptions<BaseAddressOptions> address)
{
    public const int AddressMaxLength = 254; // RFC 5321
    private const int MostAccountsOfOneAddress = 10;

    public bool AreAvailable => post.IsAvailable;

    /// <summary>Asks whoever holds the address to confirm it. Until then it isn't the account's.</summary>
    /// <returns>Null when the letter is on its way; else what to say.</returns>
    public async Task<string?> AskToConfirmAsync(User user, string email)
    {
        if (attempts.Refuse(Attempt.PasswordReset, $"{user.Id:N}") is not null)
        {
            return "There were too many letters to you lately. Please try again later.";
        }
        var link = Link("account/email/confirm", user, await users.GenerateUserTokenAsync(user, TokenOptions.DefaultProvider, Confirming(user, email)), email);
        return post.TrySend(new Email(email, "Confirm your e-mail address", $"""
            Somebody, hopefully you, has given this address for the account {user.UserName} at {address.Value.Address}.

            To confirm it, open this link within an hour:
            {link}

            If it wasn't you, do nothing.
            """)) ? null : "No letter can be sent just now. Please try again later.";
    }

    /// <returns>False for a link that is too old, was used, or was never sent.</returns>
    public async Task<bool> ConfirmAsync(User user, string email, string token)
    {
        if (!await users.VerifyUserTokenAsync(user, TokenOptions.DefaultProvider, Confirming(user, email), token))
        {
            return false;
        }
        // Not by the framework's own ways to do so: they end every session and token.
        (user.Email, user.EmailConfirmed) = (email, true);
        return await SaveAsync(user, AuditEvent.EmailConfirmed);
    }

    public async Task<bool> ForgetAsync(User user)
    {
        (user.Email, user.EmailConfirmed) = (null, false);
        return await SaveAsync(user, AuditEvent.EmailRemoved);
    }

    /// <summary>Writes to everybody who has confirmed the address. Nobody who asks learns whether there is one.</summary>
    public async Task SendResetsAsync(string email, CancellationToken cancellationToken)
    {
        if (!EmailAddress.IsValid(email))
        {
            return;
        }
        var normalized = users.NormalizeEmail(email);
        var found = await db.Users.Where(u => u.NormalizedEmail == normalized && u.EmailConfirmed && u.DisabledAt == null)
            .OrderBy(u => u.Id).Take(MostAccountsOfOneAddress).ToListAsync(cancellationToken);
        foreach (var user in found.Where(u => attempts.Refuse(Attempt.PasswordReset, $"{u.Id:N}") is null))
        {
            var link = Link("account/reset-password", user, await users.GeneratePasswordResetTokenAsync(user), email: null);
            post.TrySend(new Email(user.Email!, "Choose a new password", $"""
                Somebody, hopefully you, has asked for a new password for the account {user.UserName} at {address.Value.Address}.

                To choose one, open this link within an hour:
                {link}

                If it wasn't you, do nothing: your password stays as it is.
                """));
        }
    }

    /// <summary>False for a link that is too old, was used, or was never sent.</summary>
    public Task<bool> MayResetAsync(User user, string token) => users.VerifyUserTokenAsync(user, users.Options.Tokens.PasswordResetTokenProvider, UserManager<User>.ResetPasswordTokenPurpose, token);

    /// <summary>Sets a password for whoever holds the link; it works once, since the account's stamp changes.</summary>
    public async Task<IdentityResult> ResetAsync(User user, string token, string password, CancellationToken cancellationToken)
    {
        if (!await MayResetAsync(user, token))
        {
            return IdentityResult.Failed(users.ErrorDescriber.InvalidToken());
        }
        var result = await passwords.SetAsync(user, password, cancellationToken);
        if (result.Succeeded)
        {
            audit.Write(AuditEvent.PasswordReset, user.Id, by: "letter");
        }
        return result;
    }

    /// <summary>The account that a link names; null for none, or one that is disabled.</summary>
    public async Task<User?> FindAsync(string? id) =>
        Guid.TryParseExact(id, "N", out var account) ? await db.Users.SingleOrDefaultAsync(u => u.Id == account && u.DisabledAt == null) : null;

    private async Task<bool> SaveAsync(User user, AuditEvent what)
    {
        if (!(await users.UpdateAsync(user)).Succeeded)
        {
            return false;
        }
        audit.Write(what, user.Id);
        return true;
    }

    /// <summary>Names the old address too: a link from before another change is void.</summary>
    private static string Confirming(User user, string email) => $"Confirm {user.Email} {email}";

    private string Link(string path, User user, string token, string? email)
    {
        var query = new Dictionary<string, string?> { ["account"] = $"{user.Id:N}", ["token"] = token, ["email"] = email };
        return QueryHelpers.AddQueryString(new Uri(address.Value.Address!, path).AbsoluteUri, query.Where(p => p.Value is not null));
    }
}
