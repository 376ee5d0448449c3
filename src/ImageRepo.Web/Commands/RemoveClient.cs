using System.CommandLine;
using ImageRepo.Web.Identity.Applications;

namespace ImageRepo.Web.Commands;

internal sealed class RemoveClient : AppCommand
{
    private readonly Argument<string> _clientId = new("client-id") { Description = "Its client id." };

    public RemoveClient()
        : base("client remove", "Removes an application or a script, whoever registered it. All access that was given to it ends at once.") => Add(_clientId);

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var clientId = line.GetRequiredValue(_clientId).Trim();
        if (clientId == CommandLineClient.ClientId)
        {
            throw new CommandException($"{clientId} is part of every installation and stays.");
        }
        if (!await services.GetRequiredService<RegisteredApplications>().RemoveAsync(clientId, cancellationToken))
        {
            throw new CommandException($"There is no application {clientId}. Those that there are: imagerepo client list");
        }
        await line.InvocationConfiguration.Output.WriteLineAsync($"{clientId} is removed; its access has ended.");
        return 0;
    }
}
