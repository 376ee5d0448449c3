using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Hosting;

/// <summary>
/// No cookie of the product is for scripts. With an https address each is for TLS alone, and its name starts with <c>__Host-</c>: browsers then take
/// it from this very host only, so that a neighbour under the same domain can't plant one.
/// </summary>
internal sealed class StrictCookies(IOptions<BaseAddressOptions> address)
    : IPostConfigureOptions<CookieAuthenticationOptions>, IPostConfigureOptions<AntiforgeryOptions>, IPostConfigureOptions<CookieTempDataProviderOptions>
{
    private const string ThisHostAlone = "__Host-";

    public CookieBuilder Tighten(CookieBuilder cookie)
    {
        cookie.HttpOnly = true;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        if (address.Value.IsSecure)
        {
            cookie.SecurePolicy = CookieSecurePolicy.Always;
            cookie.Path = "/";
            cookie.Name = cookie.Name is { } name && !name.StartsWith(ThisHostAlone, StringComparison.Ordinal) ? ThisHostAlone + name : cookie.Name;
        }
        return cookie;
    }

    public void PostConfigure(string? name, CookieAuthenticationOptions options) => Tighten(options.Cookie);

    public void PostConfigure(string? name, AntiforgeryOptions options) => Tighten(options.Cookie);

    public void PostConfigure(string? name, CookieTempDataProviderOptions options) => Tighten(options.Cookie);
}

internal static class StrictCookiesHosting
{
    public static void AddStrictCookies(this IServiceCollection services)
    {
        services.AddSingleton<StrictCookies>();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>>(s => s.GetRequiredService<StrictCookies>());
        services.AddSingleton<IPostConfigureOptions<AntiforgeryOptions>>(s => s.GetRequiredService<StrictCookies>());
        services.AddSingleton<IPostConfigureOptions<CookieTempDataProviderOptions>>(s => s.GetRequiredService<StrictCookies>());
    }
}
