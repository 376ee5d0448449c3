using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>Where the server listens and whom it believes. Never a fixed port, never a fixed password.</summary>
internal abstract class PostgresEndpoint
{
    /// <summary>Options of initdb that concern access.</summary>
    public abstract IReadOnlyList<string> InitDbArguments { get; }

    /// <summary>Folders to remove when the server has ended.</summary>
    public abstract IReadOnlyList<string> Leftovers { get; }

    /// <summary>Settings of the server that concern access; made anew for every start.</summary>
    public abstract IReadOnlyDictionary<string, string> Listen();

    public NpgsqlConnectionStringBuilder Connect(string user, string database)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Username = user,
            Database = database,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        Address(connection);
        return connection;
    }

    protected abstract void Address(NpgsqlConnectionStringBuilder connection);
}

/// <summary>
/// A socket in a folder that only the app's user can enter; the kernel tells the server who calls, so there is no password.
/// </summary>
internal sealed class SocketEndpoint(ServerAccount? account) : PostgresEndpoint
{
    private const string SocketName = "s";

    private string _folder = "";

    /// <summary>That of a server that runs.</summary>
    /// <param name="running">The folder with its socket.</param>
    public static SocketEndpoint Of(string running) => new(null) { _folder = Path.GetDirectoryName(running)! };

    public override IReadOnlyList<string> InitDbArguments => ["--auth-local=peer", "--auth-host=reject"];
    public override IReadOnlyList<string> Leftovers => [_folder];

    public override IReadOnlyDictionary<string, string> Listen()
    {
        _folder = SocketFolder.Create(account);
        string socket = Path.Combine(_folder, SocketName);
        string rules = Path.Combine(_folder, "pg_hba.conf");
        string users = Path.Combine(_folder, "pg_ident.conf");
        PrivateFiles.CreateDirectory(socket);
        if (!OperatingSystem.IsWindows() && account is not null)
        {
            // The rules stay root's, readable; only the socket's folder is the server's.
            LibC.ChangeOwner(socket, account);
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
        File.WriteAllText(rules, "local all all peer map=imagerepo\n");
        File.WriteAllLines(users, new[] { Environment.UserName, account?.Name ?? Environment.UserName }.Distinct()
            .SelectMany(name => new[] { $"imagerepo \"{name}\" imagerepo", $"imagerepo \"{name}\" postgres" }));
        if (!OperatingSystem.IsWindows() && account is not null)
        {
            // Whatever root's umask is.
            const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            File.SetUnixFileMode(rules, readable);
            File.SetUnixFileMode(users, readable);
        }
        return new Dictionary<string, string>
        {
            ["listen_addresses"] = "",
            ["port"] = "5432",
            ["unix_socket_directories"] = $"\"{socket}\"",
            ["unix_socket_permissions"] = "0700",
            ["hba_file"] = rules,
            ["ident_file"] = users,
        };
    }

    protected override void Address(NpgsqlConnectionStringBuilder connection) => connection.Host = Path.Combine(_folder, SocketName);
}

/// <summary>Loopback with a random password that lies beside the cluster, for Windows.</summary>
internal sealed class LoopbackEndpoint(string dataDirectory) : PostgresEndpoint
{
    private readonly string _passwordFile = Path.Combine(dataDirectory, "postgres.password");
    private int _port;

    /// <summary>That of a server that runs.</summary>
    public static LoopbackEndpoint Of(string dataDirectory, int running) => new(dataDirectory) { _port = running };

    public override IReadOnlyList<string> InitDbArguments
    {
        get
        {
            File.WriteAllText(_passwordFile, RandomNumberGenerator.GetHexString(32));
            return ["--auth=scram-sha-256", $"--pwfile={_passwordFile}"];
        }
    }

    public override IReadOnlyList<string> Leftovers => [];

    public override IReadOnlyDictionary<string, string> Listen()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        _port = ((IPEndPoint)probe.LocalEndpoint).Port;
        return new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = _port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
        };
    }

    protected override void Address(NpgsqlConnectionStringBuilder connection)
    {
        connection.Host = "127.0.0.1";
        connection.Port = _port;
        connection.Password = File.ReadAllText(_passwordFile);
    }
}
