using System.Security.Claims;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity.Sessions;

/// <summary>Asked with every request that brings a session's cookie: is the session still there, its account open, and its stamp the same?</summary>
internal static class SessionCheck
{
    /// <summary>How exactly it is known when a session was last used; spares a write with each request.</summary>
    private static readonly TimeSpan Exactness = TimeSpan.FromMinutes(5);

    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            // The page that tells of a failure; the database may be what failed, and the page shows no more than the cookie's own name.
            return;
        }
        var services = context.HttpContext.RequestServices;
        var db = services.GetRequiredService<ImageRepoDbContext>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var (id, stamp, ended) = (Sessions.IdOf(context.Principal), Stamp(context.Principal, services), now - Session.Lifetime);
        var seen = await (
            from session in db.Set<Session>()
            join account in db.Users on session.AccountId equals account.Id
            where session.Id == id && session.LastSeenAt >= ended && account.DisabledAt == null && account.SecurityStamp == stamp
            select (DateTimeOffset?)session.LastSeenAt).SingleOrDefaultAsync(context.HttpContext.RequestAborted);
        if (seen is null)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        }
        else if (now - seen > Exactness)
        {
            await db.Set<Session>().Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), context.HttpContext.RequestAborted);
        }
    }

    private static string? Stamp(ClaimsPrincipal? user, IServiceProvider services) =>
        user?.FindFirstValue(services.GetRequiredService<IOptions<IdentityOptions>>().Value.ClaimsIdentity.SecurityStampClaimType);
}
