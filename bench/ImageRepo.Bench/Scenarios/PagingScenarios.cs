using ImageRepo.Bench.Library;
using ImageRepo.Bench.Measuring;

namespace ImageRepo.Bench.Scenarios;

/// <summary>Goal 1: a page deep in a list costs at most twice the first, in every order.</summary>
internal static class PagingScenarios
{
    public static async Task RunAsync(Product product, Report report)
    {
        foreach (var order in (string[])["", "{ uploadedAt: ASC }", "{ takenAt: DESC }", "{ takenAt: ASC }", "{ fileName: ASC }", "{ fileName: DESC }", "{ byteSize: DESC }"])
        {
            await DeepAsync(order == "" ? "newest first" : order, "{}", order);
        }
        await DeepAsync("of a common tag", Lists.Tagged(Vocabulary.Common.Value), "");
        foreach (var order in (string[])["{ takenAt: DESC }", "{ fileName: ASC }", "{ byteSize: DESC }"])
        {
            await report.CompareAsync($"page one by {order} against newest first", 2, _ => product.PageAsync(Lists.Ordered(order)), _ => product.PageAsync(Lists.Newest));
        }

        async Task DeepAsync(string name, string where, string order)
        {
            name = $"deep page {name} against page one";
            if (report.IsWanted(name))
            {
                var arguments = order == "" ? "" : $", order: [{order}]";
                var deep = await DeepCursorAsync(product, where, arguments);
                var document = Lists.Of(where, arguments);
                await report.CompareAsync(name, 2, _ => product.PageAsync(document, deep), _ => product.PageAsync(document));
            }
        }
    }

    /// <summary>A cursor in the midst of the list: the one before the image that a filter makes the first, which is good without the filter too.</summary>
    private static async Task<string> DeepCursorAsync(Product product, string where, string arguments)
    {
        var (owner, columns) = (Product.Owner, arguments);
        var middle = await product.ReadAsync("""
            select percentile_disc(0.5) within group (order by uploaded_at), percentile_disc(0.5) within group (order by taken_at),
                   percentile_disc(0.5) within group (order by file_name), percentile_disc(0.5) within group (order by byte_size)
            from image where owner_id = $1
            """, owner);
        var isAscending = columns.Contains("ASC", StringComparison.Ordinal);
        var (field, value) = columns switch
        {
            _ when columns.Contains("takenAt", StringComparison.Ordinal) => ("takenAt", $"\"{middle[0][1]:O}\""),
            _ when columns.Contains("fileName", StringComparison.Ordinal) => ("fileName", $"\"{middle[0][2]}\""),
            _ when columns.Contains("byteSize", StringComparison.Ordinal) => ("byteSize", $"{middle[0][3]}"),
            _ => ("uploadedAt", $"\"{middle[0][0]:O}\""),
        };
        var at = field == "fileName" ? $"{{ fileName: {{ eq: {value} }} }}" : $"{{ {field}: {{ {(isAscending ? "gte" : "lte")}: {value} }} }}";
        var page = await product.PageAsync($$"""{ images(first: 1, where: { and: [{{where}}, {{at}}] }{{arguments}}) { pageInfo { endCursor } } }""");
        return page.GetProperty("images").GetProperty("pageInfo").GetProperty("endCursor").GetString()
            ?? throw new InvalidOperationException($"No image lies in the midst of the list{arguments}.");
    }
}
