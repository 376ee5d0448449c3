using System.Threading.Channels;
using ImageRepo.Domain.Accounts;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MimeKit;

namespace ImageRepo.Infrastructure.Mail;

/// <summary>Sends letters by SMTP, one after the other, beside the requests that cause them.</summary>
internal sealed class SmtpEmailSender(IOptions<SmtpOptions> options, ILogger<SmtpEmailSender> log) : BackgroundService, IEmailSender
{
    private const int Waiting = 1_000;
    private const int Tries = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Channel<Email> _letters = Channel.CreateBounded<Email>(Waiting);

    public bool IsAvailable => options.Value.IsConfigured;

    public bool TrySend(Email email) => IsAvailable && _letters.Writer.TryWrite(email);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var letter in _letters.Reader.ReadAllAsync(stoppingToken))
        {
            await DeliverAsync(letter, stoppingToken);
        }
    }

    private async Task DeliverAsync(Email letter, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SendAsync(letter, cancellationToken);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // The server's refusals repeat the address; it and the letter stay out of the log.
                var isForGood = failure is SmtpCommandException { StatusCode: >= (SmtpStatusCode)500 } or AuthenticationException or FormatException;
                if (isForGood || attempt == Tries)
                {
                    log.LogError("A letter could not be sent by {Host}: {Failure}. It is dropped", options.Value.Host, Describe(failure));
                    return;
                }
                log.LogWarning("A letter could not be sent by {Host} yet: {Failure}", options.Value.Host, Describe(failure));
                await Task.Delay(FirstPause * Math.Pow(2, attempt - 1), cancellationToken);
            }
        }
    }

    private static string Describe(Exception failure) => failure is SmtpCommandException refused ? $"{refused.ErrorCode}, status {(int)refused.StatusCode}" : failure.GetType().Name;

    private async Task SendAsync(Email letter, CancellationToken cancellationToken)
    {
        var smtp = options.Value; // checked on start: with a host there is a sender, with a name a password
        using var message = new MimeMessage
        {
            Subject = letter.Subject,
            Body = new TextPart("plain") { Text = letter.Text },
            From = { MailboxAddress.Parse(smtp.From!) },
            To = { new MailboxAddress(null, letter.To) },
        };
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Timeout);
        using var client = new SmtpClient();
        await client.ConnectAsync(smtp.Host!, smtp.Port, SecurityOf(smtp), patience.Token);
        if (!string.IsNullOrEmpty(smtp.UserName))
        {
            await client.AuthenticateAsync(smtp.UserName, smtp.Password!, patience.Token);
        }
        await client.SendAsync(message, patience.Token);
        await client.DisconnectAsync(quit: true, patience.Token);
    }

    private static SecureSocketOptions SecurityOf(SmtpOptions smtp) => smtp.Security.ToUpperInvariant() switch
    {
        "TLS" => SecureSocketOptions.SslOnConnect,
        "NONE" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
