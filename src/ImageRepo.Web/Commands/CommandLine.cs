using System.CommandLine;
using System.CommandLine.Help;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Hosting;
using ImageRepo.Web.Identity;

namespace ImageRepo.Web.Commands;

/// <summary>
/// What the product was started with: a command of <see cref="AppCommand"/>'s, or nothing but settings, and then it serves.
/// Exit codes: 0 done, 1 could not be done, 2 the command line is wrong.
/// </summary>
internal sealed class CommandLine
{
    private const string Name = "imagerepo";
    private const int Refused = 1;
    private const int Misspelt = 2;

    private readonly ParseResult _line;
    private Func<IServiceProvider>? _build;

    private CommandLine(string[] args)
    {
        var root = new Command(Name, "Keeps images. Without a command it serves, with settings as in docs/operations.md: --Setting=value, or environment variables.")
        {
            new HelpOption(),
            new VersionOption(),
        };
        // What comes first and is no setting was meant as a command.
        root.TreatUnmatchedTokensAsErrors = args is [[not '-', ..], ..];
        // Told by, and never run: then the product serves.
        root.SetAction(_ => Misspelt);
        foreach (var command in Commands().OrderBy(c => c.Groups.Count).ThenBy(c => c.Name, StringComparer.Ordinal))
        {
            command.SetAction((line, cancellationToken) => RunAsync(command, line, cancellationToken));
            GroupOf(root, command).Add(command);
        }
        _line = root.Parse(args);
        Serves = _line.Action == root.Action && _line.Errors is [];
        Settings = Serves ? args : [];
    }

    /// <summary>No command was named.</summary>
    public bool Serves { get; }

    /// <summary>What configures the app.</summary>
    public string[] Settings { get; }

    public static CommandLine Read(string[] args) => new(args);

    /// <summary>Runs the command, or says what is wrong with it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(WebApplicationBuilder builder)
    {
        // The command's own words go to standard output. Of the app's, whatever its settings say, only what is amiss is told beside them, that
        // there is a new master key, and what the app itself would write about an account's safety.
        builder.Configuration["Logging:LogLevel:Default"] = $"{LogLevel.Warning}";
        foreach (var told in new[] { typeof(AuditLog).FullName, "ImageRepo.Infrastructure.Encryption" })
        {
            builder.Configuration[$"Logging:LogLevel:{told}"] = $"{LogLevel.Information}";
        }
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        await using var app = new Lazily(builder);
        _build = () => app.Services;
        try
        {
            var code = await _line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return _line.Errors is [] ? code : Misspelt;
        }
        catch (Exception failure) when (failure is CommandException || StartFailure.Explain(failure) is not null)
        {
            await Console.Error.WriteLineAsync(failure is CommandException ? failure.Message : StartFailure.Explain(failure));
            return Refused;
        }
    }

    private async Task<int> RunAsync(AppCommand command, ParseResult line, CancellationToken cancellationToken)
    {
        var services = _build!();
        if (command.NeedsDatabase)
        {
            await services.GetRequiredService<Database>().OpenForCommandAsync(command.MigratesDatabase, cancellationToken);
        }
        await using var scope = services.CreateAsyncScope();
        return await command.RunAsync(line, scope.ServiceProvider, cancellationToken);
    }

    private static IEnumerable<AppCommand> Commands() => typeof(CommandLine).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(AppCommand)))
        .Select(type => (AppCommand)Activator.CreateInstance(type)!);

    private static Command GroupOf(Command root, AppCommand command)
    {
        foreach (var name in command.Groups)
        {
            var group = root.Subcommands.FirstOrDefault(c => c.Name == name);
            if (group is null)
            {
                group = new Command(name);
                root.Add(group);
            }
            group.Description = $"{group.Description}, {command.Name}".TrimStart(',', ' ');
            root = group;
        }
        return root;
    }

    /// <summary>The app, built when a command asks for it: help needs none.</summary>
    private sealed class Lazily(WebApplicationBuilder builder) : IAsyncDisposable
    {
        private WebApplication? _app;

        public IServiceProvider Services => (_app ??= builder.Build()).Services;

        public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
