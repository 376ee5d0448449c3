using ImageRepo.Testing;
using ImageRepo.Web.Tests.Tokens;
using Microsoft.Playwright;

namespace ImageRepo.Web.Tests.Browser;

public sealed class AccessibilityTests(ImageRepoApp app, ChromiumBrowser browser) : AppTests<ImageRepoApp>(app), IClassFixture<ChromiumBrowser>
{
    private static readonly string[] ForVisitors = ["/", "/account/sign-up", "/account/sign-in", "/account/forgot-password", "/account/reset-password", "/account/email/confirm"];

    [Fact]
    public Task Axe_finds_nothing_on_any_page() => AssertAccessibleAsync(ColorScheme.Light);

    [Fact]
    [Trait("Category", "Full")]
    public Task Axe_finds_nothing_on_any_dark_page() => AssertAccessibleAsync(ColorScheme.Dark);

    [Fact]
    public async Task What_breaks_a_rule_is_a_fault_of_that_rule_alone()
    {
        await using var tab = await browser.OpenAsync(App.Address);
        await tab.Page.SetContentAsync("<main><img src='data:,'><p style='color: #eee'>Pale</p></main>");

        var all = await tab.Page.FaultsAsync();
        var contrast = await tab.Page.FaultsAsync("color-contrast");

        Assert.Contains(all, fault => fault.Contains("image-alt", StringComparison.Ordinal) && fault.Contains("<img", StringComparison.Ordinal));
        Assert.Contains("Pale", Assert.Single(contrast), StringComparison.Ordinal);
    }

    private async Task AssertAccessibleAsync(ColorScheme scheme)
    {
        await using var tab = await browser.OpenAsync(App.Address, scheme);
        var faults = new List<string>();
        foreach (var path in ForVisitors)
        {
            faults.AddRange(await FaultsAsync(tab.Page, path, scheme));
        }
        foreach (var path in await FillLibraryAsync(tab, $"axe-{scheme}"))
        {
            faults.AddRange(await FaultsAsync(tab.Page, path, scheme));
        }

        Assert.Empty(faults);
        Assert.DoesNotContain(tab.Complaints, c => !c.Contains("404", StringComparison.Ordinal) && !c.Contains("400", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_page_scrolls_sideways_on_a_narrow_screen()
    {
        await using var tab = await browser.OpenAsync(App.Address, width: 360);
        var wide = new List<string>();
        foreach (var path in ForVisitors)
        {
            wide.AddRange(await TooWideAsync(tab.Page, path));
        }
        foreach (var path in await FillLibraryAsync(tab, "narrow"))
        {
            wide.AddRange(await TooWideAsync(tab.Page, path));
        }

        Assert.Empty(wide);
    }

    /// <summary>A library with an image of each kind and a long unbroken name; gives the addresses of all its pages.</summary>
    private async Task<string[]> FillLibraryAsync(BrowserPage tab, string name)
    {
        await tab.SignUpAsync(name);
        var cookies = await tab.Page.Context.CookiesAsync();
        using var person = App.Visit();
        foreach (var cookie in cookies)
        {
            person.Cookies.Add(App.Address, new System.Net.Cookie(cookie.Name, cookie.Value, "/"));
        }
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), new string('x', 200) + ".jpg");
        var similar = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "similar.jpg");
        var trashed = await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        await person.WaitForAnalysisAsync(id);
        await person.WaitForAnalysisAsync(similar);
        await person.WaitForAnalysisAsync(trashed);
        await person.GraphQLAsync("mutation($id: ID!, $tag: String!) { tagImages(input: { ids: [$id], add: [$tag] }) { images { id } } }", new { id, tag = new string('t', 100) });
        await person.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id] }) { deletedIds } }", new { id = trashed });
        using var client = new TokenClient(App.Address);
        await DeveloperForms.RegisterAsync(person, "Server", "https://app.example.org/" + new string('x', 200));
        await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");
        await client.SignInAsync(person);
        return
        [
            "/developer/applications", "/developer/tokens", "/developer/access", "/connect/verify", "/connect/verify?user_code=1", "/connect/verify?outcome=allowed",
            client.AuthorizationUrl(), client.AuthorizationUrl(redirect: "https://evil.example/"),
            "/images", "/images?q=nothing+has+this", $"/images?tag={new string('t', 100)}&color=brown&near=%23808080", ImageRepoClient.PageOf(id),
            ImageRepoClient.PageOf(trashed), "/upload", "/upload/address", "/trash", "/developer", "/account/sign-out",
            "/account", "/account/email", "/account/password", "/account/passkeys", "/account/sessions", "/account/descriptions", "/account/export", "/account/delete", "/no-such-page",
        ];
    }

    private static async Task<IEnumerable<string>> FaultsAsync(IPage page, string path, ColorScheme scheme)
    {
        await page.GotoAsync(path);
        // A dark page is the same but for its colours.
        return await page.FaultsAsync(scheme == ColorScheme.Dark ? "color-contrast" : null);
    }

    private static async Task<IEnumerable<string>> TooWideAsync(IPage page, string path)
    {
        var wide = new List<string>();
        await page.GotoAsync(path);
        foreach (var width in (int[])[768, 360])
        {
            await page.SetViewportSizeAsync(width, 800);
            var excess = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (excess > 0)
            {
                wide.Add($"{path} at {width}: {excess} px too wide");
            }
        }
        return wide;
    }
}
