using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ImageRepo.Infrastructure.Persistence.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>A PostgreSQL that answers on loopback and by TLS alone, with a certificate of an authority that nobody else knows, for the name localhost.</summary>
internal sealed class TlsPostgres : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Endpoint _endpoint;
    private readonly PostgresProcess _process;

    private TlsPostgres(DirectoryInfo folder, Endpoint endpoint, PostgresProcess process) => (_folder, _endpoint, _process) = (folder, endpoint, process);

    /// <summary>A file with the certificate of the authority that the server's comes from.</summary>
    public string Authority => Path.Combine(_folder.FullName, "ca.pem");

    /// <summary>The like of an authority that has nothing to do with it.</summary>
    public string StrangeAuthority => Path.Combine(_folder.FullName, "strange-ca.pem");

    public string ConnectionString(SslMode mode, string host = "localhost", string? authority = null) => new NpgsqlConnectionStringBuilder
    {
        Host = host,
        Port = _endpoint.Port,
        Username = "postgres",
        Database = "postgres",
        SslMode = mode,
        RootCertificate = authority,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = false,
    }.ConnectionString;

    public static async Task<TlsPostgres> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("imagerepo-tls-");
        var cluster = new PostgresCluster(folder.FullName);
        var account = await ServerAccount.ForAsync(cluster.Folder, default);
        var binaries = await PostgresBinaries.FindAsync(cluster, account, PostgresBinaries.UsualFolders(folder.FullName), default);
        var endpoint = new Endpoint();
        await cluster.InitializeAsync(binaries, account, endpoint, durable: false, default);

        using var authority = NewAuthority();
        using var stranger = NewAuthority();
        File.WriteAllText(Path.Combine(folder.FullName, "ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.FullName, "strange-ca.pem"), stranger.ExportCertificatePem());
        var (certificate, key) = ServerCertificate(authority);
        foreach (var (name, content) in new[] { ("server.crt", certificate), ("server.key", key), ("pg_hba.conf", "hostssl all all 127.0.0.1/32 trust\n") })
        {
            var path = Path.Combine(cluster.Folder, name);
            File.WriteAllText(path, content);
            if (!OperatingSystem.IsWindows())
            {
                // PostgreSQL takes no key that others can read.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                if (account is not null)
                {
                    LibC.ChangeOwner(path, account);
                }
            }
        }
        var launch = new PostgresLaunch(cluster, binaries, account, endpoint, new EmbeddedPostgresOptions(), NullLogger.Instance);
        return new TlsPostgres(folder, endpoint, (await launch.StartAsync(default)).Process);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static X509Certificate2 NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=An authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }

    private static (string Certificate, string Key) ServerCertificate(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow.AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private sealed class Endpoint : PostgresEndpoint
    {
        public int Port { get; private set; }

        public override IReadOnlyList<string> InitDbArguments => ["--auth=trust"];
        public override IReadOnlyList<string> Leftovers => [];

        public override IReadOnlyDictionary<string, string> Listen()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
            return new Dictionary<string, string>
            {
                ["listen_addresses"] = "127.0.0.1",
                ["port"] = Port.ToString(CultureInfo.InvariantCulture),
                ["unix_socket_directories"] = "",
                ["ssl"] = "on",
            };
        }

        protected override void Address(NpgsqlConnectionStringBuilder connection) => throw new NotSupportedException();
    }
}
