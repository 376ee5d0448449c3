using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Processes;

namespace ImageRepo.Web.Tests.Hardening;

/// <summary>nginx with TLS on a free port of this machine, set up by the file that docs/operations.md names; gone afterwards.</summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("imagerepo-nginx-").FullName;
    private Process? _process;

    private NginxProxy()
    {
        Port = FreePort();
        Certificate = SelfMade();
    }

    public int Port { get; }

    public X509Certificate2 Certificate { get; }

    public Uri Address => new($"https://localhost:{Port}/");

    /// <summary>Its port is known before it starts, since the app behind it wants to know its public address.</summary>
    public static NginxProxy Prepare() => new();

    public async Task StartAsync(Uri app)
    {
        File.WriteAllText(Path.Combine(_folder, "site.pem"), Certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "site.key"), Certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var site = File.ReadAllText(Path.Combine(Repository.Root, "docs", "nginx.conf"));
        site = Replace(site, "server 127.0.0.1:5080;", $"server 127.0.0.1:{app.Port};");
        site = Replace(site, "listen 443 ssl http2;", $"listen 127.0.0.1:{Port} ssl http2;");
        site = Replace(site, "server_name images.example.org;", "server_name localhost;");
        site = Replace(site, "/etc/ssl/images.example.org.pem", Path.Combine(_folder, "site.pem"));
        site = Replace(site, "/etc/ssl/images.example.org.key", Path.Combine(_folder, "site.key"));
        File.WriteAllText(Path.Combine(_folder, "site.conf"), site);
        // Each temporary file that it could make has its place, so that a test can look for them.
        var places = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(p => $"{p}_temp_path {_folder}/{p};\n"));
        File.WriteAllText(
            Path.Combine(_folder, "nginx.conf"),
            $"daemon off;\n{(Environment.IsPrivilegedProcess ? "user root;\n" : "")}pid {_folder}/nginx.pid;\nerror_log {_folder}/error.log;\nworker_processes 1;\n"
            + $"events {{ worker_connections 256; }}\nhttp {{\naccess_log off;\n{places}include {_folder}/site.conf;\n}}\n");

        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
        _process = Process.Start(new ProcessStartInfo(program, ["-p", _folder, "-e", Path.Combine(_folder, "error.log"), "-c", Path.Combine(_folder, "nginx.conf")])
        {
            RedirectStandardError = true,
        })!;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        for (var deadline = DateTime.UtcNow + StartLimit; !await ListensAsync(); await Task.Delay(50))
        {
            if (_process.HasExited || DateTime.UtcNow > deadline)
            {
                throw new InvalidOperationException($"nginx did not start: {await _process.StandardError.ReadToEndAsync()} {Errors()}");
            }
        }
    }

    /// <summary>Files in which it keeps what passes through.</summary>
    public IEnumerable<string> BufferFiles() => Directory.EnumerateDirectories(_folder).SelectMany(d => Directory.EnumerateFiles(d, "*", SearchOption.AllDirectories));

    /// <summary>What it wrote about its own troubles.</summary>
    public string Errors() => File.Exists(Path.Combine(_folder, "error.log")) ? File.ReadAllText(Path.Combine(_folder, "error.log")) : "";

    /// <summary>A client that trusts this certificate and no other.</summary>
    /// <param name="from">The address of this machine that its requests come from.</param>
    public ImageRepoClient Visit(string from = "127.0.0.1")
    {
        var cookies = new CookieContainer();
        return new ImageRepoClient(new HttpClient(Handler(cookies, from)) { BaseAddress = Address }, cookies);
    }

    private SocketsHttpHandler Handler(CookieContainer cookies, string from) => new()
    {
        AllowAutoRedirect = false,
        CookieContainer = cookies,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && certificate.GetCertHashString() == Certificate.GetCertHashString() },
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void KillAtExit(object? sender, EventArgs e)
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Replace(string text, string old, string replacement) =>
        text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, replacement) : throw new InvalidOperationException($"docs/nginx.conf holds no '{old}'.");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static X509Certificate2 SelfMade()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
