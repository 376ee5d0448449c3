using System.Security.Cryptography.X509Certificates;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Certificates;

/// <summary>
/// The certificates that sign and encrypt tokens, the same on every node: they lie in the database, sealed under the master key.
/// A new pair is made under a lock and takes over a while after it was made, when every node has read it; an old one is kept for as
/// long as a token made with it may live.
/// </summary>
public sealed class TokenCertificates(IServiceScopeFactory scopes, MasterKeyRing keys, TimeProvider time, ILogger<TokenCertificates> logger)
{
    /// <summary>How long a certificate makes tokens.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(90);

    /// <summary>How long before it takes over a certificate is made; every node reads anew more often than that.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(10);

    /// <summary>No token lives longer.</summary>
    public static readonly TimeSpan LongestToken = TimeSpan.FromDays(366);

    /// <summary>A first certificate is valid from a little earlier, so that a node whose clock is behind takes it too.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private static readonly CertificateUse[] Uses = Enum.GetValues<CertificateUse>();

    private IReadOnlyList<TokenCertificate>? _current;
    private IReadOnlyList<Guid> _active = [];

    /// <summary>All that are to be accepted, those that have not taken over yet included.</summary>
    /// <exception cref="InvalidOperationException">Nothing was read yet.</exception>
    public IReadOnlyList<X509Certificate2> For(CertificateUse use) =>
        [.. (_current ?? throw new InvalidOperationException("The certificates are read once the database is there.")).Where(c => c.Use == use).Select(c => c.Certificate)];

    /// <summary>Reads them, and makes what is missing, due or outlived.</summary>
    /// <returns>Whether there are others than before, or others have taken over.</returns>
    /// <exception cref="SetupException">They were sealed under another master key.</exception>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var rows = await RowsAsync(db, cancellationToken);
        if (IsDue(rows))
        {
            rows = await ChangeAsync(db, before => IsDue(before) ? WithSuccessors(before) : before, cancellationToken);
        }
        var before = _current ?? [];
        var active = Active(rows);
        if (before.Select(c => c.Id).SequenceEqual(rows.Select(r => r.Id)) && active.SequenceEqual(_active))
        {
            return false;
        }
        _active = active;
        _current = [.. rows.Select(row => before.FirstOrDefault(c => c.Id == row.Id) ?? TokenCertificate.Open(row, keys))];
        return true;
    }

    /// <summary>Makes a new pair. Nodes that run take it by themselves.</summary>
    /// <param name="revoke">The old ones are deleted at once: every token that they made is void.</param>
    /// <returns>When the new pair takes over.</returns>
    public async Task<DateTimeOffset> RotateAsync(bool revoke, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>();
        var rows = await ChangeAsync(db, before => revoke ? Pair(First()) : [.. before, .. Pair(Next())], cancellationToken);
        return revoke ? time.GetUtcNow() : rows.Max(r => r.ActiveFrom);
    }

    private static Task<List<TokenCertificateRow>> RowsAsync(ImageRepoDbContext db, CancellationToken cancellationToken) =>
        db.Set<TokenCertificateRow>().AsNoTracking().OrderBy(c => c.Id).ToListAsync(cancellationToken);

    /// <summary>One node changes them while the others wait for it, and then see what it did.</summary>
    private async Task<List<TokenCertificateRow>> ChangeAsync(
        ImageRepoDbContext db, Func<List<TokenCertificateRow>, List<TokenCertificateRow>> change, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('token certificates', 0))", cancellationToken);
        var before = await RowsAsync(db, cancellationToken);
        var after = change(before);
        var gone = before.Except(after).Select(c => c.Id).ToList();
        var made = after.Except(before).ToList();
        await db.Set<TokenCertificateRow>().Where(c => gone.Contains(c.Id)).ExecuteDeleteAsync(cancellationToken);
        db.AddRange(made);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (made.Count + gone.Count > 0)
        {
            logger.LogInformation("Made {Made} certificates for tokens and deleted {Deleted}", made.Count, gone.Count);
        }
        return after;
    }

    /// <summary>Those that make tokens now: of each use the youngest that has taken over.</summary>
    private List<Guid> Active(List<TokenCertificateRow> rows) =>
        [.. Uses.SelectMany(use => rows.Where(r => r.Use == use && r.ActiveFrom <= time.GetUtcNow()).OrderByDescending(r => r.ActiveFrom).Take(1)).Select(r => r.Id)];

    private bool IsDue(List<TokenCertificateRow> rows) => Outlived(rows).Any() || Uses.Any(use => IsDue(rows, use));

    private bool IsDue(List<TokenCertificateRow> rows, CertificateUse use) =>
        !rows.Any(r => r.Use == use && r.ActiveFrom + Period > time.GetUtcNow() + Notice);

    /// <summary>The youngest of each use stays, however old it is.</summary>
    private IEnumerable<TokenCertificateRow> Outlived(List<TokenCertificateRow> rows) =>
        rows.Where(r => r.ExpiresAt < time.GetUtcNow() && rows.Any(other => other.Use == r.Use && other.ActiveFrom > r.ActiveFrom));

    private List<TokenCertificateRow> WithSuccessors(List<TokenCertificateRow> rows) =>
    [
        .. rows.Except(Outlived(rows)),
        .. Uses.Where(use => IsDue(rows, use)).Select(use => Create(use, rows.Any(r => r.Use == use) ? Next() : First())),
    ];

    private List<TokenCertificateRow> Pair(DateTimeOffset activeFrom) => [.. Uses.Select(use => Create(use, activeFrom))];

    private TokenCertificateRow Create(CertificateUse use, DateTimeOffset activeFrom) =>
        TokenCertificate.Create(use, activeFrom, activeFrom + Period + Period + LongestToken, keys);

    private DateTimeOffset First() => WholeSeconds(time.GetUtcNow() - ClockSkew);

    private DateTimeOffset Next() => WholeSeconds(time.GetUtcNow() + Notice);

    /// <summary>A certificate knows no fractions.</summary>
    private static DateTimeOffset WholeSeconds(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());
}
