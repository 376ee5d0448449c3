namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>
/// The account that the server runs under when the app is root, since PostgreSQL refuses to run as root.
/// </summary>
internal sealed record ServerAccount(uint UserId, uint GroupId, string Name)
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    /// <summary>Lowers a command to this account; setpriv belongs to util-linux, which every glibc distribution has.</summary>
    public IEnumerable<string> Lowering =>
        ["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--inh-caps=-all", "--no-new-privs"];

    /// <summary>Null when the app's own account may run the server: it is not root.</summary>
    /// <param name="cluster">An existing cluster keeps its owner, whatever the number of the machine's postgres account is.</param>
    public static async Task<ServerAccount?> ForAsync(string cluster, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }
        if (!OperatingSystem.IsLinux())
        {
            throw new EmbeddedPostgresException("PostgreSQL does not run as root: start the app as an ordinary user, or set ConnectionStrings:ImageRepo.");
        }
        List<ServerAccount> accounts = [.. (await File.ReadAllLinesAsync("/etc/passwd", cancellationToken)).Select(Parse).OfType<ServerAccount>()];
        if (Directory.Exists(cluster))
        {
            ProcessResult stat = await ProcessResult.RunAsync(["stat", "-c", "%u:%g", cluster], cancellationToken);
            uint[] owner = [.. stat.Output.Trim().Split(':').Select(uint.Parse)];
            if (owner[0] != 0)
            {
                return new ServerAccount(owner[0], owner[1], accounts.Find(a => a.UserId == owner[0])?.Name
                    ?? throw new EmbeddedPostgresException($"{cluster} belongs to the user number {owner[0]}, which this machine does not know: give it to postgres (chown -R)."));
            }
        }
        return Candidates.Select(name => accounts.Find(a => a.Name == name)).FirstOrDefault(a => a is not null)
            ?? throw new EmbeddedPostgresException("PostgreSQL does not run as root and there is neither a user postgres nor nobody: add one, or start the app as an ordinary user.");
    }

    private static ServerAccount? Parse(string line) =>
        line.Split(':') is [var name, _, var user, var group, ..] && uint.TryParse(user, out uint uid) && uint.TryParse(group, out uint gid)
            ? new ServerAccount(uid, gid, name)
            : null;
}
