using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>A folder with PostgreSQL's server programs.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major, string Version)
{
    /// <summary>The oldest version that the schema is made for.</summary>
    public const int OldestMajor = 15;

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    public string Postgres => Path.Combine(Folder, "postgres" + Suffix);
    public string InitDb => Path.Combine(Folder, "initdb" + Suffix);

    /// <summary>
    /// The programs of the version that made the cluster, or the newest ones when there is none yet.
    /// </summary>
    public static async Task<PostgresBinaries> FindAsync(PostgresCluster cluster, ServerAccount? account, IEnumerable<string> folders, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        var unusable = new List<string>();
        foreach (string folder in folders.Distinct().Where(f => File.Exists(Path.Combine(f, "initdb" + Suffix))))
        {
            // Asked as the account that will run it: root's own folders are closed to that one.
            var candidate = new PostgresBinaries(folder, 0, "");
            ProcessResult answer = await ProcessResult.RunAsync([.. account?.Lowering ?? [], candidate.Postgres, "--version"], cancellationToken);
            Match match = VersionPattern().Match(answer.Output);
            if (answer.ExitCode == 0 && match.Success)
            {
                found.Add(candidate with { Major = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), Version = match.Groups[1].Value });
            }
            else
            {
                unusable.Add($"{candidate.Postgres} does not run as {account?.Name ?? Environment.UserName}: {answer.Output.Trim().ReplaceLineEndings(" ")}");
            }
        }

        int? wanted = cluster.Major;
        PostgresBinaries? best = found.Where(b => wanted is null ? b.Major >= OldestMajor : b.Major == wanted).MaxBy(b => b.Major);
        return best ?? throw new EmbeddedPostgresException(Missing(cluster, wanted, found, unusable));
    }

    /// <summary>Where distributions, Homebrew, the installers and npm's @embedded-postgres put them.</summary>
    public static IEnumerable<string> UsualFolders(string dataDirectory)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }
        (string Parent, string Pattern)[] places = OperatingSystem.IsWindows()
            ? [(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*")]
            : [("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*"), ("/usr/libexec", "postgresql*"), ("/opt/homebrew/opt", "postgresql*"), ("/usr/local/opt", "postgresql*")];
        foreach ((string parent, string pattern) in places.Where(p => Directory.Exists(p.Parent)))
        {
            foreach (string version in Directory.EnumerateDirectories(parent, pattern))
            {
                yield return Path.Combine(version, "bin");
                yield return version;
            }
        }
        // npm's own rule, node_modules beside or above; then its global folders.
        IEnumerable<string> roots = [.. WithParents(dataDirectory), .. WithParents(AppContext.BaseDirectory), "/usr/local/lib", "/usr/lib"];
        foreach (string root in roots)
        {
            yield return Path.Combine(root, "node_modules", NpmPackage, "native", "bin");
        }
    }

    private static IEnumerable<string> WithParents(string folder)
    {
        for (string? at = Path.TrimEndingDirectorySeparator(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private static string NpmPackage
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            return $"@embedded-postgres/{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static string Missing(PostgresCluster cluster, int? wanted, List<PostgresBinaries> found, List<string> unusable)
    {
        string others = string.Join(", ", found.Select(b => $"{b.Version} in {b.Folder}").Concat(unusable));
        if (wanted is not null)
        {
            return $"The database in {cluster.Folder} was made by PostgreSQL {wanted}, whose programs are not there ({(others == "" ? "none found" : "found: " + others)}): "
                + $"install PostgreSQL {wanted} again, or move the data to a newer one as docs/operations.md tells (Upgrade of PostgreSQL).";
        }
        return $"No PostgreSQL {OldestMajor} or newer was found{(others == "" ? "" : $" ({others})")}: install it (apt-get install postgresql, brew install postgresql@17, "
            + $"or npm install {NpmPackage}), or set ConnectionStrings:ImageRepo to a server of yours.";
    }

    [GeneratedRegex(@"\(PostgreSQL\) ((\d+)\S*)")]
    private static partial Regex VersionPattern();
}
