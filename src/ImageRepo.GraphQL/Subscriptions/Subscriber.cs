using System.Security.Claims;
using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Subscriptions;

/// <summary>Who is at the other end of a connection that stays open, for as long as what signed them in is good.</summary>
/// <param name="ExpiresAt">When the cookie's ticket or the token ends; null where that is not known.</param>
/// <param name="BaseUrl">Where the client reaches the product.</param>
internal sealed record Subscriber(ClaimsPrincipal User, DateTimeOffset? ExpiresAt, Uri BaseUrl)
{
    /// <summary>Whoever the request itself says: its cookie or its Authorization header.</summary>
    public static Subscriber Of(HttpContext http, Uri baseUrl) =>
        From(http.User, http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties, baseUrl);

    public static Subscriber From(ClaimsPrincipal user, AuthenticationProperties? ticket, Uri baseUrl) =>
        new(user, Earlier(ticket?.ExpiresUtc, Expiry(user)), baseUrl);

    /// <summary>Asks whoever let the token in whether it still would; null where the sign-in needs no such question.</summary>
    public Func<Task<bool>>? IsStillGoodAsync { get; init; }

    public bool HasCookie => User.Identities.Any(i => i is { IsAuthenticated: true, AuthenticationType: var type } && type == IdentityConstants.ApplicationScheme);

    /// <summary>The caller as of now: nobody any more once the sign-in has run out, its session was ended, the account is gone or disabled, its password was changed or the token revoked.</summary>
    public async Task<Caller> CallerNowAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var caller = Caller.From(User);
        if (caller.Owner is not { } owner)
        {
            return caller;
        }
        if (ExpiresAt <= services.GetRequiredService<TimeProvider>().GetUtcNow() || (IsStillGoodAsync is not null && !await IsStillGoodAsync()))
        {
            return Caller.Nobody;
        }
        var db = services.GetRequiredService<ImageRepoDbContext>();
        var claim = services.GetService<IOptions<IdentityOptions>>()?.Value.ClaimsIdentity.SecurityStampClaimType ?? new ClaimsIdentityOptions().SecurityStampClaimType;
        var (stamp, session) = (User.FindFirst(claim)?.Value, SessionId());
        var isLetIn = await db.Users.AnyAsync(
            u => u.Id == owner.Value && u.DisabledAt == null && (stamp == null || u.SecurityStamp == stamp)
                && (session == null || db.Set<Session>().Any(s => s.Id == session && s.AccountId == u.Id)), cancellationToken);
        return isLetIn ? caller : Caller.Nobody;
    }

    /// <summary>Null for a sign-in that has no session, as by a token; what is no id is none of any session.</summary>
    private Guid? SessionId() => User.FindFirst(Session.ClaimType) is not { } claim ? null : Guid.TryParse(claim.Value, out var id) ? id : Guid.Empty;

    /// <summary>The claim `exp` of RFC 7519: seconds since 1970.</summary>
    private static DateTimeOffset? Expiry(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirst("exp")?.Value, out var seconds) && seconds is >= 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
