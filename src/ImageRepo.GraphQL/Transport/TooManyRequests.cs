using System.Globalization;
using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.GraphQL.Transport;

/// <summary>The answer 429, with the time to wait in its header and in its words.</summary>
internal static class TooManyRequests
{
    public const string Code = "TOO_MANY_REQUESTS";

    public static async Task AnswerAsync(HttpContext http, string problem, TimeSpan wait)
    {
        var seconds = Seconds(wait);
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await http.RequestServices.GetRequiredService<ResponseWriter>().WriteAsync(http, MediaTypes.ForErrors(http), Refused(problem, wait), StatusCodes.Status429TooManyRequests);
    }

    public static SchemaResponse Refused(string problem, TimeSpan wait) =>
        SchemaResponse.Refused($"{problem} Try again in {Seconds(wait)} seconds.", Code);

    private static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
