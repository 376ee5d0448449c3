using ImageRepo.Domain.Accounts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>Who has it, until the end of the transaction, alone changes the owner's images, totals and wishes. It comes before every other lock, so that nobody waits in a circle.</summary>
internal sealed class OwnerLock(ImageRepoDbContext db)
{
    /// <summary>Waits for it, in the transaction that is open and with the owner entered.</summary>
    /// <returns>The owner's totals, to be changed.</returns>
    /// <exception cref="AccountGoneException">The account was deleted meanwhile.</exception>
    public async Task<OwnerCount> TakeAsync(OwnerId owner, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner, cancellationToken) is { } totals)
        {
            return totals;
        }
        try
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into owner_count (owner_id, images, bytes, trashed_images, trashed_bytes) values ({owner.Value}, 0, 0, 0, 0) on conflict do nothing
                """, cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new AccountGoneException();
        }
        // There a moment ago, and gone when its lock was free: the deletion had it.
        return await FindAsync(owner, cancellationToken) ?? throw new AccountGoneException();
    }

    private Task<OwnerCount?> FindAsync(OwnerId owner, CancellationToken cancellationToken) =>
        db.Set<OwnerCount>().FromSql($"select * from owner_count where owner_id = {owner.Value} for update").SingleOrDefaultAsync(cancellationToken);
}
