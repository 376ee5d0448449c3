using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MimeKit;

namespace ImageRepo.Infrastructure.Mail;

/// <summary>Section <c>Smtp</c>. Without a host no letters are sent.</summary>
public sealed class SmtpOptions
{
    public const string Section = "Smtp";

    public string? Host { get; set; }
    public int Port { get; set; } = 587;

    /// <summary>StartTls, Tls, or None, which is for a server on the same machine.</summary>
    public string Security { get; set; } = "StartTls";
    public string? UserName { get; set; }
    public string? Password { get; set; }

    /// <summary>The sender: an address, or a name and an address in angle brackets.</summary>
    public string? From { get; set; }

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host);
}

internal sealed class SmtpOptionsCheck(IConfiguration configuration) : IValidateOptions<SmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpOptions options) =>
        options.IsConfigured && Problem(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;

    private string? Problem(SmtpOptions options) => options switch
    {
        { Port: < 1 or > 65535 } => $"Smtp:Port is {options.Port}; set it to 1 to 65535, mostly 587.",
        _ when options.Security.ToUpperInvariant() is not ("STARTTLS" or "TLS" or "NONE") => $"Smtp:Security is '{options.Security}'; set it to StartTls, Tls or None.",
        _ when !MailboxAddress.TryParse(options.From, out _) => $"Smtp:From is '{options.From}'; set it to the sender of letters, such as ImageRepo <images@example.org>.",
        { UserName: { Length: > 0 }, Password: null or "" } => "Smtp:UserName is set without Smtp:Password; set both, or neither.",
        // Whoever asks for a letter could otherwise choose the address that its link leads to.
        _ when string.IsNullOrWhiteSpace(configuration["PublicUrl"]) => "Smtp:Host needs PublicUrl: letters hold links to it.",
        _ => null,
    };
}
