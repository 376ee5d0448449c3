using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ImageRepo.Web.Tests.Browser;

/// <summary>
/// Where a page got to. Playwright's own WaitForURLAsync and WaitForLoadStateAsync may miss the one event that they wait
/// for (its issue 3364); an expectation is asked for again and again.
/// </summary>
public static class Arrival
{
    /// <summary>Waits until the page is there and has loaded.</summary>
    /// <param name="path">All of the address behind the host, as a pattern.</param>
    public static async Task ArrivesAtAsync(this IPage page, string path)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"^https?://[^/]+{path}$"));
        await Assertions.Expect(page.Locator(":root")).ToHaveJSPropertyAsync("ownerDocument.readyState", "complete");
    }
}
