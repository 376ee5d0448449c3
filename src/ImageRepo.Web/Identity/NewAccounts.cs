using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Identity.Registration;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity;

/// <summary>Makes accounts, for people who sign up and for operators.</summary>
internal sealed class NewAccounts(UserManager<User> users, Invitations invitations, ImageRepoDbContext db, IOptions<RegistrationOptions> registration, TimeProvider time)
{
    public RegistrationMode Mode => registration.Value.ParsedMode!.Value;

    /// <summary>For somebody who signs up, where Registration:Mode lets them.</summary>
    /// <param name="password">Null for an account that is opened in another way.</param>
    /// <param name="invitation">The code, where it takes one. It is used up only when the account is made.</param>
    public async Task<IdentityResult> SignUpAsync(User user, string? password, string? invitation)
    {
        // Whoever signs up by a provider brings a transaction, in which the provider is linked too.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync() : null;
        if (Mode == RegistrationMode.Closed)
        {
            return Refused("Nobody can sign up here by themselves. Ask whoever runs this site for an account.");
        }
        if (Mode == RegistrationMode.Invite && !await invitations.UseAsync(invitation))
        {
            return Refused("This invitation code isn't known here: it may be mistyped, used or expired.");
        }
        var made = await CreateAsync(user, password);
        if (made.Succeeded && own is not null)
        {
            await own.CommitAsync();
        }
        return made;
    }

    /// <summary>For operators, whatever the mode is.</summary>
    public Task<IdentityResult> CreateAsync(string userName, string password) =>
        CreateAsync(new User { UserName = userName, CreatedAt = time.GetUtcNow() }, password);

    private async Task<IdentityResult> CreateAsync(User user, string? password)
    {
        if (user.UserName is not { Length: > 0 and <= AccountHosting.UserNameMaxLength })
        {
            return Refused($"A user name has 1 to {AccountHosting.UserNameMaxLength} characters.");
        }
        try
        {
            return password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password);
        }
        catch (DbUpdateException e) when (e.InnerException is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation })
        {
            // Somebody has taken the name since it was looked up.
            return IdentityResult.Failed(users.ErrorDescriber.DuplicateUserName(user.UserName));
        }
    }

    private static IdentityResult Refused(string why) => IdentityResult.Failed(new IdentityError { Code = nameof(NewAccounts), Description = why });
}
