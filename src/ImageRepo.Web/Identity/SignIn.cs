using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity.Attempts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Identity;

/// <summary>Signs in with user name and password. Whoever does not know the password learns nothing, not even whether the account exists.</summary>
internal sealed class SignIn(
    SignInManager<User> signIn, UserManager<User> users, DemoAccount demo, KnownDevice device, AccountAttempts attempts, AuditLog audit, TimeProvider time)
{
    private static readonly User Nobody = new();
    private static readonly string NobodysHash;

    // Explicit, so that it runs before the first sign-in whoever that is, and not within the first that is for nothing.
    static SignIn() => NobodysHash = new PasswordHasher<User>().HashPassword(Nobody, Guid.NewGuid().ToString());

    public async Task<bool> TryAsync(string userName, string password, bool isPersistent)
    {
        var user = CanExist(userName) && password.Length <= PasswordStrength.MaxLength && !demo.Refuses(userName, password)
            ? await users.FindByNameAsync(userName)
            : null;
        if (user is not { PasswordHash: not null, DisabledAt: null } || !await MayTryAsync(user))
        {
            VerifyForNothing(password);
            audit.Write(AuditEvent.SignInRefused, user?.Id, by: "password");
            return false;
        }
        var isLocked = await users.IsLockedOutAsync(user);
        var result = isLocked ? await OfKnownDeviceAsync(user, password, isPersistent) : await signIn.PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure: true);
        audit.Write(result.Succeeded ? AuditEvent.SignedIn : AuditEvent.SignInRefused, user.Id, by: "password");
        if (result.IsLockedOut)
        {
            audit.Write(AuditEvent.LockedOut, user.Id);
        }
        if (result.Succeeded)
        {
            device.Remember(user);
        }
        return result.Succeeded;
    }

    /// <summary>False for a name that no account can have. It isn't looked for: PostgreSQL refuses a NUL, and text that is not Unicode can't be normalised.</summary>
    private bool CanExist(string userName) =>
        userName.Length <= AccountHosting.UserNameMaxLength && !userName.AsSpan().ContainsAnyExcept(users.Options.User.AllowedUserNameCharacters);

    /// <summary>Wrong passwords lock an account for a while, but not for a browser that it knows, which has a few tries of its own.</summary>
    private async Task<bool> MayTryAsync(User user)
    {
        if (!await users.IsLockedOutAsync(user))
        {
            return true;
        }
        var isByWrongPasswords = user.LockoutEnd <= time.GetUtcNow() + users.Options.Lockout.DefaultLockoutTimeSpan;
        return isByWrongPasswords && device.Find(user) is { } known && attempts.Refuse(Attempt.SignIn, $"{user.Id:N} {known}") is null;
    }

    private async Task<SignInResult> OfKnownDeviceAsync(User user, string password, bool isPersistent)
    {
        if (!await users.CheckPasswordAsync(user, password) || !await signIn.CanSignInAsync(user))
        {
            return SignInResult.Failed;
        }
        await signIn.SignInAsync(user, isPersistent, "pwd");
        return SignInResult.Success;
    }

    /// <summary>Costs what the check of a real password costs, so that the answer's time tells nothing either.</summary>
    private void VerifyForNothing(string password) =>
        users.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash, password.Length <= PasswordStrength.MaxLength ? password : "");
}
