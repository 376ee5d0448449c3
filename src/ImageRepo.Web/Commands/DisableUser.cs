using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Commands;

internal sealed class DisableUser() : UserCommand("user disable", "Keeps an account's owner out, and ends its sessions. Nothing of it is deleted.")
{
    protected override async Task<string> RunAsync(string name, IServiceProvider services, CancellationToken cancellationToken)
    {
        var users = services.GetRequiredService<UserManager<User>>();
        var user = await FindAsync(users, name);
        if (user.DisabledAt is { } since)
        {
            return $"Account {user.UserName} has been disabled since {since:u}.";
        }
        user.DisabledAt = services.GetRequiredService<TimeProvider>().GetUtcNow();
        // Saves the account as well.
        Require(await users.UpdateSecurityStampAsync(user));
        services.GetRequiredService<AuditLog>().Write(AuditEvent.AccountDisabled, user.Id, by: "command");
        return $"Account {user.UserName} is disabled; its sessions have ended.";
    }
}
