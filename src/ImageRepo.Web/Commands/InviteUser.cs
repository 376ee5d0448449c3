using System.CommandLine;
using ImageRepo.GraphQL.Execution;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.Registration;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Commands;

internal sealed class InviteUser : AppCommand
{
    private const int MostDays = 365;

    private readonly Option<int> _days = new("--days") { Description = "Days until it expires.", DefaultValueFactory = _ => 7 };

    public InviteUser()
        : base("user invite", "Makes a code with which one person can sign up while Registration:Mode is Invite.")
    {
        _days.Validators.Add(days =>
        {
            if (days.GetValueOrDefault<int>() is < 1 or > MostDays)
            {
                days.AddError($"--days takes 1 to {MostDays}.");
            }
        });
        Add(_days);
    }

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var (code, expiresAt) = await services.GetRequiredService<Invitations>().MakeAsync(TimeSpan.FromDays(line.GetValue(_days)), cancellationToken);
        services.GetRequiredService<AuditLog>().Write(AuditEvent.InvitationMade, by: "command");
        var address = services.GetRequiredService<IOptions<BaseAddressOptions>>().Value.Address;
        await line.InvocationConfiguration.Output.WriteLineAsync(address is null ? code : new Uri(address, $"account/sign-up?invitation={code}").AbsoluteUri);
        await line.InvocationConfiguration.Error.WriteLineAsync($"For one person, until {expiresAt:u}.");
        return 0;
    }
}
