using System.Text.RegularExpressions;
using ImageRepo.Domain.Storage;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Browser;

/// <summary>What the product is for, from the first page on, whichever store it has.</summary>
public abstract partial class MainJob<TApp>(TApp app, ChromiumBrowser browser) : AppTests<TApp>(app), IClassFixture<ChromiumBrowser>
    where TApp : ImageRepoApp
{
    private const int AnalysisMilliseconds = 120_000;

    protected ChromiumBrowser Browser => browser;

    /// <summary>The product itself, or its S3 server.</summary>
    private Uri PicturesFrom => App.Services.GetRequiredService<IContentLinks>().Origin ?? App.Address;

    [Fact]
    public async Task A_newcomer_signs_up_uploads_photos_and_finds_them_by_tag_and_colour()
    {
        await using var tab = await browser.OpenAsync(App.Address);
        var page = tab.Page;
        await tab.SignUpAsync("newcomer");
        await page.GetByRole(AriaRole.Link, new() { Name = "Upload your first photos" }).ClickAsync();

        await page.GetByLabel("Choose photos").SetInputFilesAsync([Photos.Giraffe, Photos.Eagle]);
        await Expect(page.GetByText("2 of 2 uploaded")).ToBeVisibleAsync();
        await Expect(page.Locator(".upload-thumb img")).ToHaveCountAsync(2);
        Assert.True(await page.Locator(".upload-thumb img").EvaluateAllAsync<bool>(
            "all => all.every(i => i.offsetWidth === i.parentElement.clientWidth && i.offsetHeight === i.parentElement.clientHeight)"));
        await page.GetByRole(AriaRole.Link, new() { Name = "See your images" }).ClickAsync();

        // The page updates itself: nobody reloads it here.
        var photos = page.Locator("li.photo");
        await Expect(photos).ToHaveCountAsync(2);
        await Expect(page.Locator("li.photo[data-status=COMPLETED]")).ToHaveCountAsync(2, new() { Timeout = AnalysisMilliseconds });
        await Expect(page.Locator(".photo-text.working")).ToHaveCountAsync(0);

        await page.ReloadAsync();
        await page.GetByPlaceholder("Add a tag").FillAsync("giraffe");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find", Exact = true }).ClickAsync();
        await Expect(photos).ToHaveCountAsync(1);
        await Expect(photos.Locator(".photo-link img")).ToHaveAttributeAsync("alt", GiraffeWord());
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Remove: tag giraffe" })).ToBeVisibleAsync();

        // Its first colour, by the swatch: what the palette says is what the filter finds.
        var color = (await page.Locator("li.photo svg.palette").First.GetAttributeAsync("aria-label"))!.Split([": ", ", "], StringSplitOptions.None)[1];
        await page.GetByRole(AriaRole.Link, new() { Name = "Remove: tag giraffe" }).ClickAsync();
        await Expect(photos).ToHaveCountAsync(2);
        await page.Locator("a.swatch", new() { HasText = color }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"Remove: colour {color}" })).ToBeVisibleAsync();
        await Expect(page.Locator("li.photo img[alt*=giraffe]")).ToHaveCountAsync(1);

        await page.Locator("li.photo", new() { Has = page.Locator("img[alt*=giraffe]") }).Locator("a.photo-link").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("giraffe", new() { IgnoreCase = true });
        await Expect(page.Locator(".stage img")).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await page.Locator(".stage img").EvaluateAsync<int>("img => img.naturalWidth") > 0);
        Assert.StartsWith(PicturesFrom.ToString(), await page.Locator(".stage img").EvaluateAsync<string>("img => img.currentSrc"));
        Assert.Empty(tab.Complaints);
    }

    [GeneratedRegex("giraffe", RegexOptions.IgnoreCase)]
    private static partial Regex GiraffeWord();
}
