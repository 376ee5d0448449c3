using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Commands;

internal sealed class CreateUser() : UserCommand("user create", "Makes an account, whatever Registration:Mode is. Asks for its password, or reads it from standard input.")
{
    protected override async Task<string> RunAsync(string name, IServiceProvider services, CancellationToken cancellationToken)
    {
        var password = await PasswordPrompt.ReadAsync($"Password for {name}", cancellationToken);
        Require(await services.GetRequiredService<NewAccounts>().CreateAsync(name, password));
        var user = await FindAsync(services.GetRequiredService<UserManager<User>>(), name);
        services.GetRequiredService<AuditLog>().Write(AuditEvent.SignedUp, user.Id, by: "command");
        return $"Account {name} was made.";
    }
}
