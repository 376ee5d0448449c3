using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace ImageRepo.Web.Tests.Accounts;

/// <summary>A real SMTP server on a free port of this machine, which keeps what it is sent.</summary>
internal sealed class Mailbox : MessageStore, IAsyncDisposable
{
    private readonly Channel<MimeMessage> _letters = Channel.CreateUnbounded<MimeMessage>();
    private readonly SmtpServer.SmtpServer _server;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public Mailbox()
    {
        Port = FreePort();
        var services = new ServiceProvider();
        services.Add(this);
        _server = new SmtpServer.SmtpServer(new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(e => e.Endpoint(new IPEndPoint(IPAddress.Loopback, Port))).Build(), services);
        _running = _server.StartAsync(_end.Token);
    }

    public int Port { get; }

    /// <summary>How many more letters are answered with a temporary failure.</summary>
    public int Failures { get; set; }

    public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        if (Failures > 0)
        {
            Failures--;
            return new SmtpResponse(SmtpReplyCode.InsufficientStorage, "later");
        }
        await _letters.Writer.WriteAsync(await MimeMessage.LoadAsync(new MemoryStream(buffer.ToArray()), cancellationToken), cancellationToken);
        return SmtpResponse.Ok;
    }

    public async Task<MimeMessage> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await _letters.Reader.ReadAsync(patience.Token);
    }

    public bool IsEmpty => !_letters.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
