using System.Collections.Concurrent;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Playground;

public sealed class PlaygroundBrowserTests(ImageRepoApp app, ChromiumBrowser browser) : IClassFixture<ImageRepoApp>, IClassFixture<ChromiumBrowser>
{
    // The IDE is 8 MB of scripts, and a busy machine takes its time over them.
    private const int Milliseconds = 30_000;

    // Without the policy too: what it would block must not even be tried.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_runs_a_query_as_the_person_signed_in_and_asks_no_other_host(bool hasPolicy)
    {
        var name = $"baker-{(hasPolicy ? "kept" : "free")}";
        await using var tab = await browser.OpenAsync(app.Address, hasPolicy: hasPolicy);
        var page = tab.Page;
        var asked = new ConcurrentQueue<Uri>();
        page.Context.Request += (_, request) => asked.Enqueue(new(request.Url));
        page.WebSocket += (_, socket) => asked.Enqueue(new(socket.Url));
        await tab.SignUpAsync(name);

        await page.GotoAsync("/graphql/ui/");
        await page.GetByText("Create Document").ClickAsync();
        await Expect(page.GetByText("Schema available")).ToBeVisibleAsync(new() { Timeout = Milliseconds });
        await page.Locator(".monaco-editor").First.ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync("{ __typename me { userName } }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Expect(page.Locator(".monaco-editor", new() { HasText = "\"__typename\"" })).ToContainTextAsync($"\"{name}\"", new() { Timeout = Milliseconds });

        // Once its service worker is ready, every file has been fetched.
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
        Assert.Contains(asked, url => url.AbsolutePath == "/graphql");
        Assert.Contains(asked, url => url.AbsolutePath == "/graphql/ui/service-worker.js");
        Assert.DoesNotContain(asked, url => url.Scheme is not ("data" or "blob") && url.Authority != app.Address.Authority);
        Assert.Empty(tab.Complaints);
    }
}
