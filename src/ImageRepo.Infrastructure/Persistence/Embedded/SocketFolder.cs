using System.Security.Cryptography;
using System.Text;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>The folder of a server's socket.</summary>
internal static class SocketFolder
{
    // sockaddr_un holds 108 bytes on Linux and 104 on macOS, with a closing zero; the server adds this name.
    private const int SocketPathLimit = 103;
    private const string SocketName = "/s/.s.PGSQL.5432";

    /// <summary>
    /// A new folder with a short path for the server's socket and its access rules. The name is random: nobody can lay one there before,
    /// and a server that is still leaving keeps its own.
    /// </summary>
    public static string Create(ServerAccount? account)
    {
        string[] bases = account is null
            ? [Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") ?? "", Path.GetTempPath(), "/tmp"]
            // The server's user must be able to enter: not so below the temporary folder that root may have in its home.
            : ["/run", "/tmp"];
        foreach (string parent in bases.Where(Directory.Exists))
        {
            string path = Path.Combine(parent, $"{EmbeddedPostgres.Marker}{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
            if (Encoding.UTF8.GetByteCount(path + SocketName) > SocketPathLimit)
            {
                continue;
            }
            try
            {
                PrivateFiles.CreateDirectory(path);
                return path;
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                // Another user's runtime folder (kept by su), or a read-only one: the next may do.
            }
        }
        throw new EmbeddedPostgresException($"No folder for PostgreSQL's socket could be made in {string.Join(", ", bases.Where(b => b != ""))}: make /tmp writable.");
    }
}
