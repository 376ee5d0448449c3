using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Identity;

/// <summary>Makes accounts, for people who sign up and for operators.</summary>
internal sealed class NewAccounts(UserManager<User> users, TimeProvider time)
{
    public Task<IdentityResult> CreateAsync(string userName, string password) =>
        CreateAsync(new User { UserName = userName, CreatedAt = time.GetUtcNow() }, password);

    /// <param name="user">The account.</param>
    /// <param name="password">Null for an account that is opened in another way.</param>
    public async Task<IdentityResult> CreateAsync(User user, string? password)
    {
        if (user.UserName is not { Length: > 0 and <= AccountHosting.UserNameMaxLength } name)
        {
            return IdentityResult.Failed(new IdentityError { Code = "UserNameLength", Description = $"A user name has 1 to {AccountHosting.UserNameMaxLength} characters." });
        }
        try
        {
            return password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password);
        }
        catch (DbUpdateException)
        {
            // Somebody may have taken the name since it was looked up: the unique index decides, and then the name is found.
            if (await users.FindByNameAsync(name) is null)
            {
                throw;
            }
            return IdentityResult.Failed(users.ErrorDescriber.DuplicateUserName(name));
        }
    }
}
