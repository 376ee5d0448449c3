using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Transport;

/// <summary>
/// How many requests one caller may send. Section <c>RateLimits</c>. A burst is what may come at once; it fills up again by so many a
/// second. Limits are kept by each node for itself.
/// </summary>
internal sealed class RateLimitOptions
{
    /// <summary>True unless set.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Of a signed-in user, on all connections together. 3,000 unless set.</summary>
    public int UserBurst { get; set; } = 3_000;

    /// <summary>50 unless set.</summary>
    public int UserPerSecond { get; set; } = 50;

    /// <summary>Of everybody at one address who has not signed in; a /64 network counts as an address. 3,000 unless set.</summary>
    public int AddressBurst { get; set; } = 3_000;

    /// <summary>50 unless set.</summary>
    public int AddressPerSecond { get; set; } = 50;
}

/// <summary>Counts the requests of each caller.</summary>
internal sealed class CallerRateLimiter(IOptions<RateLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<CallerKey>? _limiter = options.Value.Enabled ? Create(options.Value) : null;

    /// <summary>Null when the request may pass; else how long to wait.</summary>
    public TimeSpan? Refuse(CallerKey caller)
    {
        using var lease = _limiter?.AttemptAcquire(caller);
        return lease is null or { IsAcquired: true } ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : TimeSpan.FromSeconds(1);
    }

    public void Dispose() => _limiter?.Dispose();

    private static PartitionedRateLimiter<CallerKey> Create(RateLimitOptions options) =>
        PartitionedRateLimiter.Create<CallerKey, CallerKey>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, key => new TokenBucketRateLimiterOptions
        {
            TokenLimit = key.IsUser ? options.UserBurst : options.AddressBurst,
            TokensPerPeriod = key.IsUser ? options.UserPerSecond : options.AddressPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
}

internal static class RateLimits
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection("RateLimits"))
            .Validate(o => o is { UserBurst: > 0, UserPerSecond: > 0, AddressBurst: > 0, AddressPerSecond: > 0 }, "The numbers in RateLimits must be greater than 0; RateLimits:Enabled=false turns them off.")
            .ValidateOnStart();
        return services.AddSingleton<CallerRateLimiter>();
    }

    /// <summary>Answers 429 to a caller who asks too often, before anything of the request is read.</summary>
    public static RouteGroupBuilder WithRateLimits(this RouteGroupBuilder group) => group.AddEndpointFilter(async (invocation, next) =>
    {
        var http = invocation.HttpContext;
        if (http.RequestServices.GetRequiredService<CallerRateLimiter>().Refuse(CallerKey.Of(http)) is not { } wait)
        {
            return await next(invocation);
        }
        await TooManyRequests.AnswerAsync(http, "There were too many requests.", wait);
        return Results.Empty;
    });
}
