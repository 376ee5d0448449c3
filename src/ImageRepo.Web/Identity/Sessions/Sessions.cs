using System.Security.Claims;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Identity.Sessions;

/// <summary>The browsers in which somebody is signed in.</summary>
internal sealed class Sessions(ImageRepoDbContext db, TimeProvider time)
{
    /// <summary>Notes that somebody signs in. In a browser where the same account is signed in, its session goes on.</summary>
    /// <returns>The session's id.</returns>
    public async Task<Guid> BeginAsync(User user, HttpContext http)
    {
        var now = time.GetUtcNow();
        var ended = now - Session.Lifetime;
        await db.Set<Session>().Where(s => s.LastSeenAt < ended).ExecuteDeleteAsync();
        if (IdOf(http.User) is { } current
            && await db.Set<Session>().Where(s => s.Id == current && s.AccountId == user.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.SignedInAt, now).SetProperty(s => s.LastSeenAt, now)) == 1)
        {
            return current;
        }
        var session = new Session { AccountId = user.Id, SignedInAt = now, LastSeenAt = now, Device = DeviceName.Of(http.Request.Headers.UserAgent.ToString()) };
        db.Add(session);
        await db.SaveChangesAsync();
        return session.Id;
    }

    public Task EndAsync(ClaimsPrincipal user) => IdOf(user) is { } id
        ? db.Set<Session>().Where(s => s.Id == id).ExecuteDeleteAsync()
        : Task.CompletedTask;

    /// <returns>False when the account has no such session.</returns>
    public async Task<bool> EndAsync(Guid account, Guid session) =>
        await db.Set<Session>().Where(s => s.AccountId == account && s.Id == session).ExecuteDeleteAsync() == 1;

    public Task EndOthersAsync(Guid account, ClaimsPrincipal user)
    {
        var current = IdOf(user);
        return db.Set<Session>().Where(s => s.AccountId == account && s.Id != current).ExecuteDeleteAsync();
    }

    /// <summary>The account's, the one used last first.</summary>
    public Task<List<Session>> ListAsync(Guid account, CancellationToken cancellationToken)
    {
        var ended = time.GetUtcNow() - Session.Lifetime;
        return db.Set<Session>().AsNoTracking().Where(s => s.AccountId == account && s.LastSeenAt >= ended)
            .OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Id).ToListAsync(cancellationToken);
    }

    /// <summary>When the person of this session last showed who they are; null when the session has ended.</summary>
    public async Task<DateTimeOffset?> SignedInAtAsync(ClaimsPrincipal user) => IdOf(user) is { } id
        ? await db.Set<Session>().Where(s => s.Id == id).Select(s => (DateTimeOffset?)s.SignedInAt).SingleOrDefaultAsync()
        : null;

    public static Guid? IdOf(ClaimsPrincipal? user) => Guid.TryParse(user?.FindFirstValue(Session.ClaimType), out var id) ? id : null;
}
