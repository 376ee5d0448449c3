using ImageRepo.Bench.Library;
using ImageRepo.Bench.Measuring;

namespace ImageRepo.Bench.Scenarios;

/// <summary>Goal 2: totals and facets of the whole library are no dearer than its newest 30 images.</summary>
internal static class TotalsScenarios
{
    private const string Facets = "facets { tags { name count } colors { name count } years { year count } }";

    public static async Task RunAsync(Product product, Report report)
    {
        await AgainstNewestAsync("total", "{}", "totalCount totalCountIsExact", 1);
        await AgainstNewestAsync("tag facet", "{}", "facets { tags { name count } }", 1);
        await AgainstNewestAsync("all facets", "{}", Facets, 1);
        await AgainstNewestAsync("total of a common tag", Lists.Tagged(Vocabulary.Common.Value), "totalCount totalCountIsExact", null);
        await AgainstNewestAsync("total of a medium tag", Lists.Tagged(Vocabulary.Medium.Value), "totalCount totalCountIsExact", null);
        await AgainstNewestAsync("all facets of a common tag", Lists.Tagged(Vocabulary.Common.Value), Facets, null);

        Task AgainstNewestAsync(string name, string where, string fields, double? atMost) => report.CompareAsync(
            $"{name} against newest 30", atMost,
            _ => product.QueryAsync($$"""{ images(first: 0, where: {{where}}) { {{fields}} } }"""), _ => product.PageAsync(Lists.Newest));
    }
}
