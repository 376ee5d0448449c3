using System.Net;
using System.Net.Sockets;

namespace ImageRepo.Testing;

/// <summary>A connection to a server that a test can cut: what is under way breaks off, and what comes later is let in and hung up on.</summary>
public sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint _server;
    private readonly Task _accepting;
    private CancellationTokenSource _cut = new();
    private volatile bool _isCut;

    public Line(Uri server) : this(new DnsEndPoint(server.Host, server.Port)) =>
        Address = new UriBuilder(server) { Host = "127.0.0.1", Port = Port }.Uri;

    public Line(EndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Of 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where a server with a web address is reached.</summary>
    public Uri? Address { get; }

    public void Cut()
    {
        _isCut = true;
        _cut.Cancel();
    }

    public void Mend()
    {
        _cut = new CancellationTokenSource();
        _isCut = false;
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // the line is taken down
            }
            _ = CarryAsync(client, _cut.Token);
        }
    }

    private async Task CarryAsync(TcpClient client, CancellationToken cut)
    {
        using var here = client;
        using var there = _server is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        here.NoDelay = true;
        if (_isCut)
        {
            here.Client.Close(0);
            return;
        }
        try
        {
            await there.ConnectAsync(_server, cut);
            await using var far = new NetworkStream(there);
            var near = here.GetStream();
            await Task.WhenAny(near.CopyToAsync(far, cut), far.CopyToAsync(near, cut));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // Either side has hung up, or the line was cut.
        }
    }
}
