using System.Security.Cryptography;
using System.Text;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Identity.Registration;

/// <summary>Codes that let one person each sign up, until they expire. Only their hashes are kept.</summary>
internal sealed class Invitations(ImageRepoDbContext db, TimeProvider time)
{
    public const int CodeMaxLength = 64;

    // No letters that are taken for others.
    private const string Letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    private const int CodeLength = 20;
    private const int GroupLength = 5;

    public async Task<(string Code, DateTimeOffset ExpiresAt)> MakeAsync(TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await db.Set<Invitation>().Where(i => i.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        var code = RandomNumberGenerator.GetString(Letters, CodeLength);
        var invitation = new Invitation { CodeHash = Hash(code), ExpiresAt = now + lifetime };
        db.Add(invitation);
        await db.SaveChangesAsync(cancellationToken);
        return (string.Join('-', code.Chunk(GroupLength).Select(g => new string(g))), invitation.ExpiresAt);
    }

    /// <summary>Uses one up, in the caller's transaction: of two at once one waits for the other, and then finds none.</summary>
    public async Task<bool> UseAsync(string? code)
    {
        if (string.IsNullOrWhiteSpace(code) || code.Length > CodeMaxLength)
        {
            return false;
        }
        var (hash, now) = (Hash(code), time.GetUtcNow());
        return await db.Set<Invitation>().Where(i => i.CodeHash == hash && i.ExpiresAt > now).ExecuteDeleteAsync() == 1;
    }

    /// <summary>However it was typed: small letters, blanks, no hyphens.</summary>
    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant()));
}
