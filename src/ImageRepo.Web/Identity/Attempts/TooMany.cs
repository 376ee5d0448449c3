using System.Globalization;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Attempts;

/// <summary>Tells a program to come back later: 429 with Retry-After, and an error as RFC 6749 writes one.</summary>
internal sealed class TooMany(TimeSpan wait) : IResult
{
    private readonly int _seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));

    public Task ExecuteAsync(HttpContext http)
    {
        Tell(http);
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(
            new { error = Errors.TemporarilyUnavailable, error_description = $"There were too many requests. Try again in {_seconds} seconds." }, http.RequestAborted);
    }

    /// <summary>Sets status and header alone, and writes the audit line.</summary>
    public void Tell(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = _seconds.ToString(CultureInfo.InvariantCulture);
        http.RequestServices.GetRequiredService<AuditLog>().Write(AuditEvent.TooManyAttempts);
    }
}
