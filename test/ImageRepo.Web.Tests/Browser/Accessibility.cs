using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace ImageRepo.Web.Tests.Browser;

/// <summary>What axe-core says against a page.</summary>
internal static class Accessibility
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Looks within the page itself: it holds no frames, for whose sake axe's own package would open a second page at each look.</summary>
    /// <param name="rule">The one rule to look for; null for all.</param>
    /// <returns>A line for each rule that is broken, with the elements that break it.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(this IPage page, string? rule = null)
    {
        Assert.Single(page.Frames);
        await page.EvaluateAsync(Axe);
        var faults = await page.EvaluateAsync<string[]>(
            """
            async rule => {
                const result = await axe.run({ resultTypes: ['violations'], ...(rule && { runOnly: [rule] }) });
                return result.violations.map(v => `${v.id} (${v.help}): ${v.nodes.map(n => n.html).join(' | ')}`);
            }
            """,
            rule);
        return [.. faults.Select(fault => $"{page.Url}: {fault}")];
    }
}
