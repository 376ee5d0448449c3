using ImageRepo.Domain.Accounts;
using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Pages.Account;

/// <summary>A page on one's own account.</summary>
[Authorize]
internal abstract class OwnAccountPage(UserManager<User> users) : AccountPage
{
    protected UserManager<User> Users => users;

    /// <exception cref="AccountGoneException">It was deleted since the request began.</exception>
    protected async Task<User> OwnerAsync() => await users.GetUserAsync(User) ?? throw new AccountGoneException();
}
