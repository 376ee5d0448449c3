using System.Net;
using System.Net.Sockets;

namespace ImageRepo.Testing;

/// <summary>A connection to a server that a test can cut: what is under way breaks off, and what comes later is let in and hung up on.</summary>
public sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint _server;
    private readonly CancellationTokenSource _end = new();
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
        await _end.CancelAsync();
        try
        {
            await _accepting; // first: whoever asks a stopped listener for the next connection fails
        }
        finally
        {
            _listener.Stop();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token), _cut.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The line is taken down.
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
