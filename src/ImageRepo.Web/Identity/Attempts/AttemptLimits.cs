namespace ImageRepo.Web.Identity.Attempts;

/// <summary>
/// How often one address, and whoever acts for one account, may try what guessing and flooding is made of. Section <c>RateLimits</c>, beside the
/// limits of the API. A burst is what may come at once; it fills up again by so many an hour. Limits are kept by each node for itself.
/// </summary>
internal sealed class AttemptLimits
{
    public const string Section = "RateLimits";

    /// <summary>True unless set.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Passwords, passkeys and providers at sign-in. Those of one account count at browsers that it knows; strangers to it are stopped by the lockout.</summary>
    public AttemptLimit SignIn { get; set; } = new() { AddressBurst = 100, AddressPerHour = 600, AccountBurst = 5, AccountPerHour = 30 };

    /// <summary>New accounts, and so names that are looked for by making them.</summary>
    public AttemptLimit SignUp { get; set; } = new() { AddressBurst = 30, AddressPerHour = 60, AccountBurst = 30, AccountPerHour = 60 };

    /// <summary>Letters sent to people.</summary>
    public AttemptLimit PasswordReset { get; set; } = new() { AddressBurst = 20, AddressPerHour = 60, AccountBurst = 3, AccountPerHour = 6 };

    /// <summary>Requests to the endpoints of tokens.</summary>
    public AttemptLimit Token { get; set; } = new() { AddressBurst = 300, AddressPerHour = 6_000, AccountBurst = 100, AccountPerHour = 2_000 };

    /// <summary>Codes of devices: asked for, and typed in.</summary>
    public AttemptLimit DeviceCode { get; set; } = new() { AddressBurst = 30, AddressPerHour = 120, AccountBurst = 10, AccountPerHour = 60 };

    public AttemptLimit this[Attempt attempt] => attempt switch
    {
        Attempt.SignIn => SignIn,
        Attempt.SignUp => SignUp,
        Attempt.PasswordReset => PasswordReset,
        Attempt.Token => Token,
        Attempt.DeviceCode => DeviceCode,
        _ => throw new ArgumentOutOfRangeException(nameof(attempt)),
    };

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem() => Enum.GetValues<Attempt>().Where(a => !this[a].IsValid).Select(a =>
        $"Every number in {Section}:{a} must be greater than 0; {Section}:{nameof(Enabled)}=false turns all limits off.").FirstOrDefault();
}

internal sealed class AttemptLimit
{
    public int AddressBurst { get; set; }
    public int AddressPerHour { get; set; }
    public int AccountBurst { get; set; }
    public int AccountPerHour { get; set; }

    public bool IsValid => this is { AddressBurst: > 0, AddressPerHour: > 0, AccountBurst: > 0, AccountPerHour: > 0 };
}

/// <summary>What is counted.</summary>
internal enum Attempt
{
    SignIn,
    SignUp,
    PasswordReset,
    Token,
    DeviceCode,
}
