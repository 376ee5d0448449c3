using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using ImageRepo.Bench.Measuring;

namespace ImageRepo.Bench.Scenarios;

/// <summary>Goal 3: over HTTP, the list of 30 images reaches at least 0.6 of the requests a second of a program that only reads and writes them.</summary>
internal static class RequestScenarios
{
    private const int Clients = 8;
    private const string Name = "requests a second against bare rows";
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(Product product, Report report)
    {
        if (!report.IsWanted(Name))
        {
            return;
        }
        using var http = new HttpClient { BaseAddress = product.Address };
        List<double> graphQL = [], bare = [];
        for (var turn = 0; turn < 6; turn++)
        {
            var (list, rows) = (await RateAsync(() => http.PostAsJsonAsync("/graphql", new { query = Lists.Newest })), await RateAsync(() => http.GetAsync("/rows")));
            if (turn > 0)
            {
                graphQL.Add(list);
                bare.Add(rows);
            }
        }
        report.TellAtLeast(Name, graphQL.Average() / bare.Average(), 0.6,
            string.Create(CultureInfo.InvariantCulture, $"{graphQL.Average(),8:0}/s against {bare.Average():0}/s"));
    }

    private static async Task<double> RateAsync(Func<Task<HttpResponseMessage>> send)
    {
        var (start, count) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < Turn)
            {
                using var response = await send();
                response.EnsureSuccessStatusCode();
                await response.Content.ReadAsByteArrayAsync();
                Interlocked.Increment(ref count);
            }
        }));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
