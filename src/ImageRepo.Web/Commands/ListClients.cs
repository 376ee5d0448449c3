using System.CommandLine;
using ImageRepo.Web.Identity.Applications;

namespace ImageRepo.Web.Commands;

internal sealed class ListClients() : AppCommand("client list", "Lists the applications and scripts: client id, name, type, day they were registered, account.")
{
    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        foreach (var (application, owner) in await services.GetRequiredService<RegisteredApplications>().AllAsync(cancellationToken))
        {
            await line.InvocationConfiguration.Output.WriteLineAsync(string.Join('\t',
                application.ClientId, application.Name, CreateClient.TypeOf(application.Kind), $"{application.CreatedAt:yyyy-MM-dd}", owner ?? "-"));
        }
        return 0;
    }
}
