using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Identity;

/// <summary>By what means somebody gets into their account: a password, passkeys, other providers. The last one stays.</summary>
internal sealed class WaysIn(UserManager<User> users)
{
    /// <summary>Whether one may go. Ask with the account as it is loaded for the removal: its concurrency stamp lets only one of two removals at once pass.</summary>
    public async Task<bool> CanLoseOneAsync(User user) => await CountAsync(user) > 1;

    private async Task<int> CountAsync(User user) =>
        (await users.HasPasswordAsync(user) ? 1 : 0) + (await users.GetPasskeysAsync(user)).Count + (await users.GetLoginsAsync(user)).Count;
}
