using System.Threading.RateLimiting;
using ImageRepo.GraphQL.Transport;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;

namespace ImageRepo.Web.Identity.Attempts;

/// <summary>
/// Limits by address, before anything of the request is read. Pages name theirs: <c>[EnableRateLimiting(nameof(Attempt.SignIn))]</c>; the
/// endpoints for programs, which are no routes, are told by their path.
/// </summary>
internal static class AttemptHosting
{
    private static readonly (PathString Path, Attempt Attempt)[] ForPrograms =
    [
        ("/connect/device", Attempt.DeviceCode),
        ("/connect/token", Attempt.Token),
        ("/connect/introspect", Attempt.Token),
        ("/connect/revoke", Attempt.Token),
        ("/connect/userinfo", Attempt.Token),
    ];

    public static void AddAttemptLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AttemptLimits>().Bind(configuration.GetSection(AttemptLimits.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AttemptLimits>, AttemptLimitsCheck>();
        services.AddSingleton<AccountAttempts>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<AttemptLimits>>(Configure);
    }

    private static void Configure(RateLimiterOptions limiter, IOptions<AttemptLimits> options)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = RejectAsync;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            ForPrograms.Where(p => http.Request.Path.StartsWithSegments(p.Path)).Select(p => (Attempt?)p.Attempt).FirstOrDefault() is { } attempt
                ? Partition(http, attempt, options.Value)
                : RateLimitPartition.GetNoLimiter(""));
        foreach (var attempt in Enum.GetValues<Attempt>())
        {
            limiter.AddPolicy(attempt.ToString(), http => Partition(http, attempt, options.Value));
        }
    }

    private static RateLimitPartition<string> Partition(HttpContext http, Attempt attempt, AttemptLimits limits)
    {
        if (!limits.Enabled || IsLook(http.Request))
        {
            return RateLimitPartition.GetNoLimiter("");
        }
        var limit = limits[attempt];
        return RateLimitPartition.GetTokenBucketLimiter(
            $"{attempt} {ClientNetwork.Of(http.Connection.RemoteIpAddress)}", _ => AccountAttempts.Bucket(limit.AddressBurst, limit.AddressPerHour));
    }

    /// <summary>Who looks at a form has tried nothing yet; unless its address brings a device's code, which shows whether there is such a one.</summary>
    private static bool IsLook(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        || ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Query.ContainsKey(OpenIddictConstants.Parameters.UserCode));

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var http = rejected.HttpContext;
        var refusal = new TooMany(rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1));
        if (ForPrograms.Any(p => http.Request.Path.StartsWithSegments(p.Path)))
        {
            await refusal.ExecuteAsync(http);
        }
        else
        {
            // The page of the status says it in words.
            refusal.Tell(http);
        }
    }

    private sealed class AttemptLimitsCheck : IValidateOptions<AttemptLimits>
    {
        public ValidateOptionsResult Validate(string? name, AttemptLimits options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
