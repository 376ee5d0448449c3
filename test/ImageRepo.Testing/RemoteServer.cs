using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageRepo.Testing;

/// <summary>Somebody else's web server on this machine, which answers each connection as the test writes it, byte by byte.</summary>
public sealed class RemoteServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _loop;
    private int _connections;

    /// <param name="answer">Gets the head of the request, and the connection to write to.</param>
    public RemoteServer(Func<string, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The heads of all requests.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public Uri Url(string path = "/picture.jpg", string host = "127.0.0.1") => new($"http://{host}:{Port}{path}");

    /// <summary>Serves one file, whatever is asked for.</summary>
    public static RemoteServer Of(byte[] file, params string[] headers) =>
        new((_, connection, cancellationToken) => OkAsync(connection, file, cancellationToken, headers));

    public static RemoteServer Redirecting(Func<string, string> location, string status = "302 Found") =>
        new((request, connection, cancellationToken) => WriteAsync(connection, $"HTTP/1.1 {status}\r\nLocation: {location(request)}\r\nContent-Length: 0\r\n\r\n", cancellationToken));

    public static async Task OkAsync(Stream connection, byte[] file, CancellationToken cancellationToken, params string[] headers)
    {
        await WriteAsync(connection, $"HTTP/1.1 200 OK\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Content-Length: {file.Length}\r\n\r\n", cancellationToken);
        await connection.WriteAsync(file, cancellationToken);
    }

    public static async Task WriteAsync(Stream connection, string text, CancellationToken cancellationToken) =>
        await connection.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    /// <summary>Nobody answers on its port any more. Fine when it was called before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
        {
            return;
        }
        await _end.CancelAsync();
        try
        {
            await _loop; // first: whoever asks a stopped listener for the next connection fails
        }
        finally
        {
            _listener.Stop();
            _end.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            Interlocked.Increment(ref _connections);
            try
            {
                var head = await ReadHeadAsync(client.GetStream());
                _requests.Enqueue(head);
                await _answer(head, client.GetStream(), _end.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The product has hung up, as it may.
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream connection)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await connection.ReadAsync(buffer, _end.Token);
            if (read == 0)
            {
                break;
            }
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return head.ToString();
    }
}
