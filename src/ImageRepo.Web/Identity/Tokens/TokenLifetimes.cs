using ImageRepo.Infrastructure.Certificates;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>How long what the server gives out is good.</summary>
internal static class TokenLifetimes
{
    /// <summary>An access token can't be renewed by who stole it, so it is short.</summary>
    public static readonly TimeSpan Access = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan AuthorizationCode = TimeSpan.FromMinutes(2);

    /// <summary>From its last use; each use replaces it.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromDays(30);

    /// <summary>How long a person may take to type a device's code.</summary>
    public static readonly TimeSpan DeviceCode = TimeSpan.FromMinutes(15);

    /// <summary>The longest that a personal token can be asked for; the certificates that made it are kept as long.</summary>
    public static readonly TimeSpan PersonalMost = TokenCertificates.LongestToken;
}
