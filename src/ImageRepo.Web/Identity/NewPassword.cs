using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Identity;

/// <summary>Puts a password in the place of the one that an account has, or gives it its first. All else that was signed in by then ends: sessions and tokens.</summary>
internal sealed class NewPassword(UserManager<User> users, ImageRepoDbContext db)
{
    /// <returns>What is wrong with the password; then nothing has changed.</returns>
    public async Task<IdentityResult> SetAsync(User user, string password, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = await users.RemovePasswordAsync(user);
        if (result.Succeeded)
        {
            result = await users.AddPasswordAsync(user, password);
        }
        if (result.Succeeded)
        {
            // Who knew the way to a new password is not kept out by wrong tries at the old one.
            await users.ResetAccessFailedCountAsync(user);
            result = await users.SetLockoutEndDateAsync(user, null);
        }
        if (result.Succeeded)
        {
            await transaction.CommitAsync(cancellationToken);
        }
        return result;
    }
}
