using System.CommandLine;
using ImageRepo.Infrastructure.Certificates;
using ImageRepo.Web.Identity;

namespace ImageRepo.Web.Commands;

internal sealed class RotateCertificates : AppCommand
{
    private readonly Option<bool> _revoke = new("--revoke")
    {
        Description = "Voids the old ones at once, as after a theft: every token and session ends. Restart the nodes afterwards.",
    };

    public RotateCertificates()
        : base("rotate-certificates", "Makes new certificates for tokens and a new key for sessions. The old ones read what they made until that runs out.") => Add(_revoke);

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var revoke = line.GetValue(_revoke);
        var output = line.InvocationConfiguration.Output;
        var tokensFrom = await services.GetRequiredService<TokenCertificates>().RotateAsync(revoke, cancellationToken);
        var sessionsFrom = services.GetRequiredService<SessionKeys>().Rotate(revoke);
        services.GetRequiredService<AuditLog>().Write(AuditEvent.CertificatesRotated, by: revoke ? "command with --revoke" : "command");
        await output.WriteLineAsync(revoke
            ? "The old certificates and keys are void, and with them every token and session. Restart the nodes."
            : $"New certificates make the tokens from {tokensFrom:u}, a new key the sessions from {sessionsFrom:u}. The nodes take them by themselves.");
        return 0;
    }
}
