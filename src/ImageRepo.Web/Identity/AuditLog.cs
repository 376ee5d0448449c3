namespace ImageRepo.Web.Identity;

/// <summary>What the audit lines tell of.</summary>
internal enum AuditEvent
{
    SignedUp,
    SignedIn,
    SignInRefused,
    LockedOut,
    SignedOut,
    SessionEnded,
    SignedOutEverywhere,
    PasswordChanged,
    PasswordReset,
    EmailConfirmed,
    EmailRemoved,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    ProviderLinked,
    ProviderUnlinked,
    AccountDisabled,
    AccountEnabled,
    AccountDeleted,
    DataExported,
    ConsentGiven,
    ConsentRevoked,
    TokenIssued,
    TokenRefused,
    TokenRevoked,
    ApplicationRegistered,
    ApplicationRemoved,
    TooManyAttempts,
    InvitationMade,
    CertificatesRotated,
    MasterKeyRotated,
}

/// <summary>
/// One line for each step that matters to an account's safety: who, what, when and from which address. Accounts and applications are
/// named by their ids alone, and nothing that a person typed is written: neither secrets, nor tokens, nor the wrong names that may be passwords.
/// </summary>
internal sealed partial class AuditLog(IHttpContextAccessor http, TimeProvider time, ILogger<AuditLog> log)
{
    /// <param name="what">What happened.</param>
    /// <param name="account">Whose; null when nobody's, as of a name that doesn't exist.</param>
    /// <param name="application">The client id, of what is done by an application or to one.</param>
    /// <param name="by">In a fixed word or two: by which means, such as "password", "passkey" or a grant.</param>
    public void Write(AuditEvent what, Guid? account = null, string? application = null, string? by = null) =>
        LogLine(what, account, application, by, http.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? "this machine", time.GetUtcNow());

    [LoggerMessage(LogLevel.Information, "Audit: {What}, account {Account}, application {Application}, by {By}, from {Address}, at {At:O}")]
    private partial void LogLine(AuditEvent what, Guid? account, string? application, string? by, string address, DateTimeOffset at);
}
