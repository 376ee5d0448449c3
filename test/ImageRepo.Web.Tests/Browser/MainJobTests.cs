using ImageRepo.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Browser;

public sealed class MainJobTests(ImageRepoApp app, ChromiumBrowser browser) : MainJob<ImageRepoApp>(app, browser)
{
    [Fact]
    public async Task Files_that_are_no_images_are_refused_in_words_beside_those_that_are()
    {
        await using var tab = await Browser.OpenAsync(App.Address);
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
        await using var tab = await Browser.OpenAsync(App.Address, hasScripts: false);
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
}
