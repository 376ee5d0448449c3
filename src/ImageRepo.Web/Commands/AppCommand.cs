using System.CommandLine;

namespace ImageRepo.Web.Commands;

/// <summary>
/// A command of the product's binary. Every class that derives from it and has a constructor without parameters is one: a new command
/// is a new file here, and nothing else.
/// </summary>
internal abstract class AppCommand : Command
{
    /// <param name="path">How it is called, its group first: <c>user create</c>.</param>
    /// <param name="description">What it does, for <c>--help</c>.</param>
    protected AppCommand(string path, string description)
        : base(path[(path.LastIndexOf(' ') + 1)..], description) => Groups = path.Split(' ')[..^1];

    public IReadOnlyList<string> Groups { get; }

    /// <summary>Whether the database is up while it runs: that of the app that runs, else one that is started for the command.</summary>
    public virtual bool NeedsDatabase => true;

    /// <summary>Whether the database is brought up to date before, as at every start of the app.</summary>
    public virtual bool MigratesDatabase => true;

    /// <summary>Does it, in a scope of its own.</summary>
    /// <param name="services">The app's, none of them started but the database.</param>
    /// <returns>The exit code, 0 when it did what it was told.</returns>
    /// <exception cref="CommandException">It can't be done, for a reason that the caller can mend.</exception>
    public abstract Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken);
}
