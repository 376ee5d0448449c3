using System.CommandLine;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Commands;

internal sealed class ListUsers() : AppCommand("user list", "Lists the accounts: name, day they were made, images and bytes kept (trash included), state.")
{
    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<ImageRepoDbContext>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var output = line.InvocationConfiguration.Output;
        // The operator sees all owners' totals, and nothing else of theirs.
        var totals = await db.OwnerCounts.IgnoreQueryFilters().ToDictionaryAsync(c => c.OwnerId, cancellationToken);
        await foreach (var user in db.Users.AsNoTracking().OrderBy(u => u.NormalizedUserName).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var kept = totals.GetValueOrDefault(user.OwnerId);
            await output.WriteLineAsync(string.Join('\t',
                user.UserName, $"{user.CreatedAt:yyyy-MM-dd}", (kept?.Images + kept?.TrashedImages) ?? 0, (kept?.Bytes + kept?.TrashedBytes) ?? 0, State(user, now)));
        }
        return 0;
    }

    private static string State(User user, DateTimeOffset now) => user switch
    {
        { DisabledAt: { } since } => $"disabled since {since:yyyy-MM-dd}",
        { LockoutEnd: { } end } when end > now => $"locked until {end:u}",
        _ => "active",
    };
}
