using System.Net.Http.Headers;
using ImageRepo.GraphQL;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Hosting;

/// <summary>Answers 503 with Retry-After when a request failed because the database or the store is away: programs in their own form, people with a page.</summary>
internal sealed class OutageAnswer(Outages outages) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception failure, CancellationToken cancellationToken)
    {
        var away = outages.Of(failure);
        if ((away?.RetryAfter ?? (failure as SchemaRefusedException)?.RetryAfter) is not { } wait)
        {
            return false;
        }
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = new RetryConditionHeaderValue(wait).ToString();
        PathString asked = http.Features.GetRequiredFeature<IExceptionHandlerPathFeature>().Path;
        if (away is null || !ErrorPages.IsForPrograms(asked))
        {
            return false; // the page follows
        }
        if (asked == "/graphql")
        {
            await ImageRepoGraphQL.AnswerUnavailableAsync(http, away);
            return true;
        }
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(new { error = Errors.TemporarilyUnavailable, error_description = away.Message }, cancellationToken);
        return true;
    }
}
