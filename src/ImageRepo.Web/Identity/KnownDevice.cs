using System.Security.Cryptography;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Hosting;
using Microsoft.AspNetCore.DataProtection;

namespace ImageRepo.Web.Identity;

/// <summary>
/// A cookie in each browser in which somebody has signed in. Whoever guesses at an account locks it for strangers, never for these browsers, so
/// that wrong passwords without end keep nobody out (OWASP calls it a device cookie). It signs nobody in.
/// </summary>
internal sealed class KnownDevice(IHttpContextAccessor http, IDataProtectionProvider protection, StrictCookies strict)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("ImageRepo.KnownDevice").ToTimeLimitedDataProtector();
    private readonly CookieBuilder _cookie = strict.Tighten(new CookieBuilder { Name = "imagerepo.device", SameSite = SameSiteMode.Lax, MaxAge = Lifetime });

    /// <summary>The id of the browser that asks; null when this account has never signed in there.</summary>
    public string? Find(User user)
    {
        if (http.HttpContext?.Request.Cookies[_cookie.Name!] is not { } text)
        {
            return null;
        }
        try
        {
            return _protector.Unprotect(text).Split(' ') is [var account, var device] && account == $"{user.Id:N}" ? device : null;
        }
        catch (CryptographicException)
        {
            return null; // Too old, or not ours.
        }
    }

    public void Remember(User user)
    {
        if (http.HttpContext is { } context && Find(user) is null)
        {
            var device = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            context.Response.Cookies.Append(_cookie.Name!, _protector.Protect($"{user.Id:N} {device}", Lifetime), _cookie.Build(context));
        }
    }
}
