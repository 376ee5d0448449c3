using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity.Attempts;

/// <summary>Counts what is tried for one account, from whatever address.</summary>
internal sealed class AccountAttempts(IOptions<AttemptLimits> options) : IDisposable
{
    private readonly PartitionedRateLimiter<(Attempt Attempt, string Key)>? _limiter = options.Value.Enabled ? Create(options.Value) : null;

    /// <param name="attempt">What is tried.</param>
    /// <param name="key">The account's id, or what stands for it.</param>
    /// <returns>Null when it may go on; else how long to wait.</returns>
    public TimeSpan? Refuse(Attempt attempt, string key)
    {
        using var lease = _limiter?.AttemptAcquire((attempt, key));
        return lease is null or { IsAcquired: true } ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : TimeSpan.FromSeconds(1);
    }

    public void Dispose() => _limiter?.Dispose();

    private static PartitionedRateLimiter<(Attempt Attempt, string Key)> Create(AttemptLimits limits) =>
        PartitionedRateLimiter.Create<(Attempt Attempt, string Key), (Attempt, string)>(tried => RateLimitPartition.GetTokenBucketLimiter(
            tried, _ => Bucket(limits[tried.Attempt].AccountBurst, limits[tried.Attempt].AccountPerHour)));

    internal static TokenBucketRateLimiterOptions Bucket(int burst, int perHour) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromHours(1) / perHour,
        QueueLimit = 0,
    };
}
