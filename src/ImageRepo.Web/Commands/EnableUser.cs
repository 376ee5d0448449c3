using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Commands;

internal sealed class EnableUser() : UserCommand("user enable", "Lets the owner of a disabled account in again.")
{
    protected override async Task<string> RunAsync(string name, IServiceProvider services, CancellationToken cancellationToken)
    {
        var users = services.GetRequiredService<UserManager<User>>();
        var user = await FindAsync(users, name);
        if (user.DisabledAt is null)
        {
            return $"Account {user.UserName} is not disabled.";
        }
        user.DisabledAt = null;
        Require(await users.UpdateAsync(user));
        services.GetRequiredService<AuditLog>().Write(AuditEvent.AccountEnabled, user.Id, by: "command");
        return $"Account {user.UserName} is enabled.";
    }
}
