using ImageRepo.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Browser;

/// <summary>On a slow line the page can be used before its script is there.</summary>
public sealed class SlowScriptTests(ImageRepoApp app, ChromiumBrowser browser) : AppTests<ImageRepoApp>(app), IClassFixture<ChromiumBrowser>
{
    [Fact]
    public async Task Photos_that_were_chosen_before_the_script_came_are_uploaded()
    {
        await using var tab = await browser.OpenAsync(App.Address);
        await tab.SignUpAsync("hasty");
        var came = new TaskCompletionSource();
        await tab.Page.RouteAsync("**/js/upload.*", async route =>
        {
            await came.Task;
            await route.ContinueAsync();
        });
        await tab.Page.GotoAsync("/upload", new() { WaitUntil = WaitUntilState.Commit });

        await tab.Page.GetByLabel("Choose photos").SetInputFilesAsync([Photos.Giraffe, Photos.Eagle]);
        came.SetResult();

        await Expect(tab.Page.GetByText("2 of 2 uploaded")).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
    }
}
