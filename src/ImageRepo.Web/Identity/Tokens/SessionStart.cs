using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>When a session began, kept in its cookie. The cookie's own time is that of its last renewal.</summary>
internal static class SessionStart
{
    private const string Item = "started";

    public static void AddSessionStart(this IServiceCollection services) =>
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).PostConfigure<TimeProvider>((cookie, time) =>
        {
            var next = cookie.Events.OnSigningIn;
            cookie.Events.OnSigningIn = context =>
            {
                context.Properties.Items.TryAdd(Item, time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
                return next(context);
            };
        });

    public static DateTimeOffset? Of(AuthenticationProperties? session) =>
        session?.Items.TryGetValue(Item, out var seconds) == true && long.TryParse(seconds, CultureInfo.InvariantCulture, out var start)
            ? DateTimeOffset.FromUnixTimeSeconds(start)
            : session?.IssuedUtc;

    /// <summary>Whether the application wants the person to show anew who they are.</summary>
    public static bool IsTooOld(DateTimeOffset? start, OpenIddictRequest request, DateTimeOffset now) =>
        request.HasPromptValue(PromptValues.Login) || (request.MaxAge is { } seconds && (start is null || start + TimeSpan.FromSeconds(seconds) < now));
}
