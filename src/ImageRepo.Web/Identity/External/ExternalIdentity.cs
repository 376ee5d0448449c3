using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.External;

/// <summary>Somebody as a provider knows them. Issuer and key alone tell who it is: names and e-mail addresses are no proof of anything here.</summary>
/// <param name="Provider">The provider's id among those configured.</param>
/// <param name="Issuer">Whose word it is. Kept with the link, so that a provider that takes another's place in the settings opens nobody's account.</param>
/// <param name="Key">The provider's own name for the person, which it never gives to another.</param>
/// <param name="Suggestion">A user name to start from; may be empty.</param>
internal sealed record ExternalIdentity(string Provider, string Issuer, string Key, string Suggestion)
{
    private const int KeyMaxLength = 128; // Of the column; OpenID Connect allows 255.
    private const string ProviderClaim = "provider";
    private const string IssuerClaim = "issuer";

    public UserLoginInfo Login(string providerName) => new(Issuer, Key, providerName);

    /// <param name="issuer">The issuer of the registration that the provider's answer was checked by.</param>
    /// <param name="provider">The provider's id.</param>
    /// <param name="principal">What the provider says.</param>
    public static ExternalIdentity? Of(string provider, Uri issuer, ClaimsPrincipal principal)
    {
        var key = (principal.FindFirst(Claims.Subject) ?? principal.FindFirst(ClaimTypes.NameIdentifier))?.Value;
        return string.IsNullOrEmpty(key) || key.Any(char.IsControl)
            ? null
            : new ExternalIdentity(provider, issuer.AbsoluteUri, key.Length <= KeyMaxLength ? key : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}", Suggest(principal));
    }

    /// <summary>For the cookie that keeps it while a name is chosen.</summary>
    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [new(ProviderClaim, Provider), new(IssuerClaim, Issuer), new(ClaimTypes.NameIdentifier, Key), new(ClaimTypes.Name, Suggestion)], IdentityConstants.ExternalScheme));

    public static ExternalIdentity? FromPrincipal(ClaimsPrincipal? principal) =>
        principal?.FindFirst(ProviderClaim)?.Value is { } provider && principal.FindFirst(IssuerClaim)?.Value is { } issuer && principal.FindFirst(ClaimTypes.NameIdentifier)?.Value is { } key
            ? new ExternalIdentity(provider, issuer, key, principal.FindFirst(ClaimTypes.Name)?.Value ?? "")
            : null;

    private static string Suggest(ClaimsPrincipal principal)
    {
        // GitHub calls it login. The first part of an address will do; all of one would show it to others.
        var name = new[] { Claims.PreferredUsername, "login", Claims.Nickname, Claims.Name, ClaimTypes.Name }.Select(c => principal.FindFirst(c)?.Value).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v)) ?? "";
        return string.Concat(name.Split('@')[0].Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_').Take(AccountHosting.UserNameMaxLength));
    }
}
