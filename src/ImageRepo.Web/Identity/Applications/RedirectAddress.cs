using System.Net;

namespace ImageRepo.Web.Identity.Applications;

/// <summary>
/// Where a browser may be sent with an answer for an application: https, http on the person's own machine, or a scheme of the application's own
/// with a dot in it, as it comes of a domain turned round (RFC 8252, section 7.1). It is compared letter by letter, so there are no wildcards.
/// </summary>
internal static class RedirectAddress
{
    public const int MaxLength = 400;

    /// <param name="problem">What is wrong with it, as a sentence that names it.</param>
    public static bool TryParse(string text, out Uri address, out string problem)
    {
        address = null!;
        problem = ProblemOf(text) is { } found ? $"{(text.Length > 80 ? text[..80] + "…" : text)} {found}" : "";
        return problem.Length == 0 && Uri.TryCreate(text, UriKind.Absolute, out address!);
    }

    private static string? ProblemOf(string text)
    {
        if (text.Length > MaxLength)
        {
            return $"is too long: {MaxLength} characters are the most.";
        }
        if (text.Contains('*', StringComparison.Ordinal))
        {
            return "has a wildcard. Register each address by itself.";
        }
        if (text.Any(c => c is <= ' ' or >= '\u007f' or '\\' or '"' or '<' or '>') || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.IsFile)
        {
            return "is no whole address. Write it as https://app.example.org/callback, with other letters than ASCII escaped.";
        }
        if (text.Contains('#', StringComparison.Ordinal))
        {
            return "has a fragment (#…), which the answer would not survive.";
        }
        if (address.UserInfo.Length > 0)
        {
            return "has a user name in it.";
        }
        return address.Scheme switch
        {
            "https" => null,
            "http" when IsLoopback(address) => null,
            "http" => "is http, which is for 127.0.0.1, [::1] and localhost alone. Use https.",
            _ when address.Scheme.Contains('.', StringComparison.Ordinal) => null,
            _ => "has a scheme that isn't your own. Use https, or a domain of yours turned round, such as org.example.app:/callback.",
        };
    }

    public static bool IsLoopback(Uri address) =>
        address.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(address.IdnHost, out var ip) && (ip.Equals(IPAddress.Loopback) || ip.Equals(IPAddress.IPv6Loopback)));

    /// <summary>Whether the address is taken by a program on the person's device rather than by a server.</summary>
    public static bool IsOfDevice(Uri address) => address.Scheme != Uri.UriSchemeHttps;
}
