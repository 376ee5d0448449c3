using System.CommandLine;
using ImageRepo.Domain.Accounts;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity.Applications;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Commands;

internal sealed class CreateClient : AppCommand
{
    private static readonly Dictionary<string, ApplicationKind> Kinds = new()
    {
        ["confidential"] = ApplicationKind.Server,
        ["public"] = ApplicationKind.Device,
        ["script"] = ApplicationKind.Script,
    };

    private readonly Argument<string> _name = new("name") { Description = "Its name, as people read it when they are asked whether it may have access." };
    private readonly Option<string> _type = new("--type")
    {
        Required = true,
        Description = "confidential: it has a server that keeps a secret. public: it runs in a browser, on a phone or on a desktop, and keeps none. script: it acts as its --owner (client credentials).",
    };
    private readonly Option<string[]> _redirects = new("--redirect") { Description = "Where the browser comes back to after the sign-in. May be given several times." };
    private readonly Option<string[]> _afterSignOut = new("--after-sign-out") { Description = "Where the browser may go after the sign-out. May be given several times." };
    private readonly Option<string[]> _scopes = new("--scope") { Description = "What a script may do. May be given several times. The other types ask for theirs each time." };
    private readonly Option<string?> _owner = new("--owner") { Description = "The account that it is registered for and ends with. Without one it is the whole installation's." };

    public CreateClient()
        : base("client create", "Registers an application, or a script that acts as an account. Writes its client id and its secret, which is shown this once.")
    {
        _type.AcceptOnlyFromAmong([.. Kinds.Keys]);
        _scopes.AcceptOnlyFromAmong([.. Identity.Consents.ScopeWords.OfImages]);
        Add(_name);
        Add(_type);
        Add(_redirects);
        Add(_afterSignOut);
        Add(_scopes);
        Add(_owner);
    }

    public static string TypeOf(ApplicationKind kind) => Kinds.Single(k => k.Value == kind).Key;

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var wanted = Read(line);
        OwnerId? owner = line.GetValue(_owner) is { } name ? (await UserCommand.FindAsync(services.GetRequiredService<UserManager<User>>(), name.Trim())).OwnerId : null;
        var made = await services.GetRequiredService<RegisteredApplications>().RegisterAsync(owner, wanted, cancellationToken)
            ?? throw new CommandException($"The account has {RegisteredApplications.MostOfOneAccount} applications and scripts, which is the most. Remove one first: imagerepo client remove");
        var output = line.InvocationConfiguration.Output;
        await output.WriteLineAsync($"client_id={made.ClientId}");
        if (made.Secret is not null)
        {
            await output.WriteLineAsync($"client_secret={made.Secret}");
            await line.InvocationConfiguration.Error.WriteLineAsync("Keep the secret now: it is not shown again.");
        }
        return 0;
    }

    private NewApplication Read(ParseResult line)
    {
        var kind = Kinds[line.GetRequiredValue(_type)];
        var (redirects, afterSignOut, scopes) = (line.GetValue(_redirects) ?? [], line.GetValue(_afterSignOut) ?? [], line.GetValue(_scopes) ?? []);
        List<string> problems = [];
        if (kind is ApplicationKind.Script && line.GetValue(_owner) is null)
        {
            problems.Add("A script acts as an account: name it by --owner.");
        }
        if (kind is ApplicationKind.Script && (redirects.Length > 0 || afterSignOut.Length > 0))
        {
            problems.Add("A script opens no browser, so it has neither --redirect nor --after-sign-out.");
        }
        if (kind is not ApplicationKind.Script && scopes.Length > 0)
        {
            problems.Add("--scope is for scripts: the other types ask for what they need each time.");
        }
        return NewApplication.Parse(line.GetRequiredValue(_name), kind, string.Join('\n', redirects), string.Join('\n', afterSignOut), scopes, problems) is { } wanted && problems is []
            ? wanted
            : throw new CommandException(string.Join(Environment.NewLine, problems));
    }
}
