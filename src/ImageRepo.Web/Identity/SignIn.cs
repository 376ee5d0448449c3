using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Identity;

/// <summary>Signs in with user name and password. Whoever does not know the password learns nothing, not even whether the account exists.</summary>
internal sealed partial class SignIn(SignInManager<User> signIn, UserManager<User> users, DemoAccount demo, ILogger<SignIn> log)
{
    private static readonly User Nobody = new();
    private static string? _nobodysHash;

    public async Task<bool> TryAsync(string userName, string password, bool isPersistent)
    {
        var user = CanExist(userName) && password.Length <= PasswordStrength.MaxLength && !demo.Refuses(userName, password)
            ? await users.FindByNameAsync(userName)
            : null;
        if (user is null || user.DisabledAt is not null || await users.IsLockedOutAsync(user))
        {
            VerifyForNothing(password);
            LogRefused(user?.Id);
            return false;
        }
        var result = await signIn.PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure: true);
        if (result.Succeeded)
        {
            LogSignedIn(user.Id);
        }
        else
        {
            LogRefused(user.Id);
        }
        return result.Succeeded;
    }

    /// <summary>False for a name that no account can have. It isn't looked for: PostgreSQL refuses a NUL, and text that is not Unicode can't be normalised.</summary>
    private bool CanExist(string userName) =>
        userName.Length <= AccountHosting.UserNameMaxLength && !userName.AsSpan().ContainsAnyExcept(users.Options.User.AllowedUserNameCharacters);

    /// <summary>Costs what the check of a real password costs, so that the answer's time tells nothing either.</summary>
    private void VerifyForNothing(string password)
    {
        _nobodysHash ??= users.PasswordHasher.HashPassword(Nobody, Guid.NewGuid().ToString());
        users.PasswordHasher.VerifyHashedPassword(Nobody, _nobodysHash, password.Length <= PasswordStrength.MaxLength ? password : "");
    }

    [LoggerMessage(LogLevel.Information, "Account {UserId} signed in")]
    private partial void LogSignedIn(Guid userId);

    [LoggerMessage(LogLevel.Information, "A sign-in was refused (account {UserId})")]
    private partial void LogRefused(Guid? userId);
}
