using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Commands;

internal sealed class ResetPassword() : UserCommand(
    "user reset-password", "Gives an account a new password, ends its sessions and lifts a lock after wrong passwords. Asks for the password, or reads it from standard input.")
{
    protected override async Task<string> RunAsync(string name, IServiceProvider services, CancellationToken cancellationToken)
    {
        var users = services.GetRequiredService<UserManager<User>>();
        var user = await FindAsync(users, name);
        var password = await PasswordPrompt.ReadAsync($"New password for {user.UserName}", cancellationToken);
        await using var transaction = await services.GetRequiredService<ImageRepoDbContext>().Database.BeginTransactionAsync(cancellationToken);
        Require(await users.RemovePasswordAsync(user));
        Require(await users.AddPasswordAsync(user, password));
        Require(await users.ResetAccessFailedCountAsync(user));
        Require(await users.SetLockoutEndDateAsync(user, null));
        await transaction.CommitAsync(cancellationToken);
        return $"Account {user.UserName} has a new password; its sessions have ended.";
    }
}
