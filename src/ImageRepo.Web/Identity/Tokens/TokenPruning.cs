using ImageRepo.Infrastructure;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>
/// Deletes once an hour the tokens and authorizations that are over; of several workers one at a time, and the others let it be. A used
/// refresh token is kept for as long as it would have lived: if it comes again within that time, its family ends.
/// </summary>
internal sealed partial class TokenPruning(IServiceScopeFactory scopes, NodeRoles roles, TimeProvider time, ILogger<TokenPruning> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!roles.IsWorker)
        {
            return;
        }
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure, Pause);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Database;
        // Two at once would delete the same rows and fail by it. The lock is the connection's, which stays open for as long as the scope.
        await database.OpenConnectionAsync(cancellationToken);
        if (!await database.SqlQuery<bool>($"select pg_try_advisory_lock(hashtextextended('token pruning', 0)) as \"Value\"").SingleAsync(cancellationToken))
        {
            return;
        }
        try
        {
            await PruneAsync(scope.ServiceProvider, cancellationToken);
        }
        finally
        {
            await database.ExecuteSqlAsync($"select pg_advisory_unlock(hashtextextended('token pruning', 0))", CancellationToken.None);
        }
    }

    private async Task PruneAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var madeBefore = time.GetUtcNow() - TokenLifetimes.Refresh;
        var tokens = await services.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(madeBefore, cancellationToken);
        // After the tokens: an authorization without any is over too.
        var authorizations = await services.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(madeBefore, cancellationToken);
        if (tokens + authorizations > 0)
        {
            LogPruned(tokens, authorizations);
        }
    }

    [LoggerMessage(LogLevel.Information, "Deleted {Tokens} tokens and {Authorizations} authorizations that were over")]
    private partial void LogPruned(long tokens, long authorizations);

    [LoggerMessage(LogLevel.Error, "Tokens could not be pruned; it is tried again in {Pause}")]
    private partial void LogFailed(Exception failure, TimeSpan pause);
}
