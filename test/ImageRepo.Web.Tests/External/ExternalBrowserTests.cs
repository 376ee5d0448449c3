using ImageRepo.Testing;
using ImageRepo.Web.Tests.Browser;
using Microsoft.Playwright;

namespace ImageRepo.Web.Tests.External;

/// <summary>In a real browser, whose content security policy has a word in where forms may lead.</summary>
public sealed class ExternalBrowserTests(FederatedApp app, ChromiumBrowser browser) : AppTests<FederatedApp>(app), IClassFixture<ChromiumBrowser>
{
    [Fact]
    public Task Somebody_signs_up_by_a_provider_and_every_page_on_the_way_is_accessible() => AssertAccessibleAsync(ColorScheme.Dark, 360);

    [Fact]
    [Trait("Category", "Full")]
    public Task Every_page_on_that_way_is_accessible_on_a_wide_light_screen() => AssertAccessibleAsync(ColorScheme.Light, 1280);

    private async Task AssertAccessibleAsync(ColorScheme scheme, int width)
    {
        // By another name than the provider has: a browser keeps one host's cookies for all its ports.
        await using var tab = await browser.OpenAsync(App.NamedAddress, scheme, width);
        var page = tab.Page;
        var faults = new List<string>();
        await SignUpAtProviderAsync(page, $"browsing-{width}");

        await page.GotoAsync("/account/sign-in");
        faults.AddRange(await FaultsAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = $"Continue with {FederatedApp.ProviderName}" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        await page.ArrivesAtAsync("/account/external/new");
        faults.AddRange(await FaultsAsync(page));
        await page.GetByLabel("User name").FillAsync($"chosen-{width}");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.ArrivesAtAsync("/images");
        await page.GotoAsync("/account/external");
        faults.AddRange(await FaultsAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = $"Unlink {FederatedApp.ProviderName}" }).ClickAsync();
        await page.GetByText("the last way into your account").WaitForAsync();
        faults.AddRange(await FaultsAsync(page));

        Assert.Empty(faults);
        Assert.Empty(tab.Complaints);
    }

    private async Task SignUpAtProviderAsync(IPage page, string name)
    {
        await page.GotoAsync(new Uri(App.Provider.Address, "/account/sign-up").ToString());
        await page.GetByLabel("User name").FillAsync(name);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(ImageRepoClient.Password);
        await page.GetByLabel("Password again").FillAsync(ImageRepoClient.Password);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.ArrivesAtAsync("/images");
    }

    private static async Task<IEnumerable<string>> FaultsAsync(IPage page)
    {
        var faults = await page.FaultsAsync();
        var excess = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        return excess > 0 ? [.. faults, $"{page.Url} is {excess} px too wide"] : faults;
    }
}
