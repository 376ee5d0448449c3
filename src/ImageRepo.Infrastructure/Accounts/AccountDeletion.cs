using ImageRepo.Domain.Accounts;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Accounts;

/// <summary>Deletes an account with all that is its owner's.</summary>
public sealed class AccountDeletion
{
    /// <summary>How long somebody waits for the objects to go. Whatever is left then, or after a crash, is the sweeper's, which knows it by its notes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ImageRepoDbContext _db;
    private readonly Sweeper _sweeper;
    private readonly TimeProvider _time;
    private readonly ILogger<AccountDeletion> _log;

    internal AccountDeletion(ImageRepoDbContext db, Sweeper sweeper, TimeProvider time, ILogger<AccountDeletion> log) =>
        (_db, _sweeper, _time, _log) = (db, sweeper, time, log);

    /// <summary>Every row goes in one transaction, which notes the objects; then the objects go.</summary>
    public async Task DeleteAsync(OwnerId owner, CancellationToken cancellationToken)
    {
        await DeleteRowsAsync(owner, cancellationToken);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _sweeper.SweepAsync(owner, patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            _log.LogInformation("Account {Account} is deleted; it had so many objects that the sweeper deletes the rest", owner.Value);
        }
    }

    private async Task DeleteRowsAsync(OwnerId owner, CancellationToken cancellationToken)
    {
        var (id, now) = (owner.Value, _time.GetUtcNow());
        await using var transaction = await _db.Database.BeginTransactionAsync(cancellationToken);
        // Thousands of images take longer than a query may.
        _db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        // Whoever writes images of this owner locks this row first, and afterwards finds neither it nor the account that it refers to.
        await _db.Database.ExecuteSqlAsync($"select from owner_count where owner_id = {id} for update", cancellationToken);
        // An upload under way keeps its own note, which falls due when the upload can't be running any more.
        await _db.Database.ExecuteSqlAsync($"""
            insert into unclaimed (image_id, owner_id, sweep_after) select id, owner_id, {now} from image where owner_id = {id}
            on conflict (image_id) do update set sweep_after = excluded.sweep_after
            """, cancellationToken);
        // Uploads in parts that nobody will complete fall due at once.
        var due = now - Sweeper.Grace - TimeSpan.FromSeconds(1);
        await _db.Database.ExecuteSqlAsync($"update upload set expires_at = {due} where owner_id = {id}", cancellationToken);
        var words = await _db.Database.SqlQuery<int>($"select distinct unnest(tag_ids) as \"Value\" from image where owner_id = {id}").ToArrayAsync(cancellationToken);
        // Tags, colours and jobs go with their image; counters, sessions, passkeys, tokens, applications and the rest with the account.
        await _db.Database.ExecuteSqlAsync($"delete from image where owner_id = {id}", cancellationToken);
        await _db.Database.ExecuteSqlAsync($"delete from account where id = {id}", cancellationToken);
        await DeleteUnusedAsync(words, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The vocabulary is everybody's, but a word that nobody else uses is the owner's own.</summary>
    private async Task DeleteUnusedAsync(int[] words, CancellationToken cancellationToken)
    {
        // One that is being used just now is locked and stays. After this lock nobody can begin to; so the next statement sees all uses.
        var held = await _db.Database.SqlQuery<int>($"select id as \"Value\" from tag where id = any({words}) for update skip locked").ToArrayAsync(cancellationToken);
        await _db.Database.ExecuteSqlAsync($"""
            delete from tag t where id = any({held})
              and not exists (select from image_tag where tag_id = t.id)
              and not exists (select from owner_tag_count where tag_id = t.id)
              and not exists (select from image where deleted_at is not null and tag_ids @> array[t.id])
            """, cancellationToken);
    }
}
