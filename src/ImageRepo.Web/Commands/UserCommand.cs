using System.CommandLine;
using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Commands;

/// <summary>A command on one account, which its first argument names.</summary>
internal abstract class UserCommand : AppCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The user name." };

    protected UserCommand(string path, string description)
        : base(path, description) => Add(_name);

    public sealed override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var said = await RunAsync(line.GetRequiredValue(_name).Trim(), services, cancellationToken);
        await line.InvocationConfiguration.Output.WriteLineAsync(said);
        return 0;
    }

    /// <returns>What was done, in a sentence.</returns>
    protected abstract Task<string> RunAsync(string name, IServiceProvider services, CancellationToken cancellationToken);

    internal static async Task<User> FindAsync(UserManager<User> users, string name) =>
        await users.FindByNameAsync(name) ?? throw new CommandException($"There is no account {name}. Those that there are: imagerepo user list");

    protected static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new CommandException(string.Join(Environment.NewLine, result.Errors.Select(e => e.Description)));
        }
    }
}
