using System.Text.RegularExpressions;
using ImageRepo.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Browser;

public sealed partial class MainJobTests(ImageRepoApp app, ChromiumBrowser browser) : AppTests<ImageRepoApp>(app), IClassFixture<ChromiumBrowser>
{
    private const int AnalysisMilliseconds = 120_000;

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
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Files_that_are_no_images_are_refused_in_words_beside_those_that_are()
    {
        await using var tab = await browser.OpenAsync(App.Address);
        var page = tab.Page;
        await tab.SignUpAsync("careless");
        await page.GotoAsync("/upload");

        await page.GetByLabel("Choose photos").SetInputFilesAsync(
        [
            new FilePayload { Name = "notes.jpg", MimeType = "image/jpeg", Buffer = "this is text"u8.ToArray() },
            new FilePayload { Name = "empty.png", MimeType = "image/png", Buffer = [] },
            new FilePayload { Name = "eagle.jpg", MimeType = "image/jpeg", Buffer = Photos.Variant(Photos.Eagle) },
        ]);

        await Expect(page.GetByText("1 of 3 uploaded, 2 not")).ToBeVisibleAsync();
        await Expect(page.GetByText("This is not an image of a supported type.")).ToBeVisibleAsync();
        await Expect(page.GetByText("The file is empty.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Everything_works_without_scripts()
    {
        await using var tab = await browser.OpenAsync(App.Address, hasScripts: false);
        var page = tab.Page;
        await tab.SignUpAsync("scriptless");
        await page.GotoAsync("/upload");
        await page.Locator("input[type=file]").SetInputFilesAsync([Photos.Giraffe, Photos.Eagle]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        await Expect(page.GetByText("2 of 2 uploaded")).ToBeVisibleAsync();

        await page.GotoAsync("/images");
        await page.Locator("li.photo").First.Locator("a.photo-link").ClickAsync();
        await page.GetByPlaceholder("Add tags, separated by commas").FillAsync("found by hand");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove the tag found by hand" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Move to trash" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Expect(page.GetByText("Restored to your library.")).ToBeVisibleAsync();
    }

    [GeneratedRegex("giraffe", RegexOptions.IgnoreCase)]
    private static partial Regex GiraffeWord();
}
