using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
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
        Require(await services.GetRequiredService<NewPassword>().SetAsync(user, password, cancellationToken));
        services.GetRequiredService<AuditLog>().Write(AuditEvent.PasswordReset, user.Id, by: "command");
        return $"Account {user.UserName} has a new password; its sessions have ended.";
    }
}
