using ImageRepo.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Browser;

public sealed class LargeUploadTests(ImageRepoApp app, ChromiumBrowser browser) : AppTests<ImageRepoApp>(app), IClassFixture<ChromiumBrowser>
{
    private const int Milliseconds = 120_000;

    [Fact]
    public async Task A_large_photo_survives_that_the_browser_goes_offline_in_the_middle()
    {
        await using var tab = await browser.OpenAsync(App.Address);
        var page = tab.Page;
        await tab.SignUpAsync("traveller");
        await page.GotoAsync("/upload");
        var photo = Path.Combine(App.DataDirectory, "large.jpg");
        await File.WriteAllBytesAsync(photo, LargePhoto());
        // Slow enough to be caught in the middle. (Requests that a test routes take minutes with such bodies.)
        var line = await page.Context.NewCDPSessionAsync(page);
        await SetLineAsync(line, bytesPerSecond: 4 << 20);
        await page.GetByLabel("Choose photos").SetInputFilesAsync(photo);
        await page.WaitForFunctionAsync("() => document.querySelector('progress')?.value > 0.5");
        await SetLineAsync(line, bytesPerSecond: 4 << 20, isOffline: true);
        await Expect(page.GetByText("The connection was lost. Trying again…")).ToBeVisibleAsync();
        await SetLineAsync(line, bytesPerSecond: -1);

        await Expect(page.GetByText("1 of 1 uploaded")).ToBeVisibleAsync(new() { Timeout = Milliseconds });
        await Expect(page.Locator(".upload-thumb img")).ToHaveCountAsync(1);
        // The browser lists those that got through: none of the three parts that had arrived was sent again.
        var parts = await page.EvaluateAsync<int>("() => performance.getEntriesByType('resource').filter(r => r.name.includes('/uploads/')).length");
        Assert.Equal(3, parts);
    }

    [Fact]
    public async Task A_large_file_that_is_no_image_is_refused_in_words()
    {
        await using var tab = await browser.OpenAsync(App.Address);
        var page = tab.Page;
        await tab.SignUpAsync("careless-traveller");
        await page.GotoAsync("/upload");

        await page.GetByLabel("Choose photos").SetInputFilesAsync(new FilePayload { Name = "large.jpg", MimeType = "image/jpeg", Buffer = new byte[9 << 20] });

        await Expect(page.GetByText("This is not an image of a supported type.")).ToBeVisibleAsync(new() { Timeout = Milliseconds });
        await Expect(page.GetByText("0 of 1 uploaded, 1 not")).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task The_same_picture_with_other_metadata_is_pointed_to()
    {
        await using var tab = await browser.OpenAsync(App.Address);
        var page = tab.Page;
        await tab.SignUpAsync("archivist");
        await page.GotoAsync("/upload");
        await page.GetByLabel("Choose photos").SetInputFilesAsync(new FilePayload { Name = "first.jpg", MimeType = "image/jpeg", Buffer = Photos.Variant(Photos.Giraffe) });
        await Expect(page.GetByText("1 of 1 uploaded")).ToBeVisibleAsync(new() { Timeout = Milliseconds });

        await page.GetByLabel("Choose photos").SetInputFilesAsync(new FilePayload { Name = "second.jpg", MimeType = "image/jpeg", Buffer = Photos.Variant(Photos.Giraffe) });

        await Expect(page.GetByText("2 of 2 uploaded")).ToBeVisibleAsync(new() { Timeout = Milliseconds });
        await page.GetByText("The same picture with other metadata is already here").GetByRole(AriaRole.Link, new() { Name = "first.jpg" }).ClickAsync();
        await page.ArrivesAtAsync("/images/[^/]+");
    }

    private static Task SetLineAsync(ICDPSession line, long bytesPerSecond, bool isOffline = false) => line.SendAsync("Network.emulateNetworkConditions", new()
    {
        ["offline"] = isOffline,
        ["latency"] = 0,
        ["downloadThroughput"] = -1,
        ["uploadThroughput"] = bytesPerSecond,
    });

    internal static byte[] LargePhoto()
    {
        var photo = Photos.Variant(Photos.Giraffe);
        Array.Resize(ref photo, 18 << 20);
        return photo;
    }
}
