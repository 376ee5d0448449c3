using System.Collections.Concurrent;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Playground;

public sealed class PlaygroundBrowserTests(ImageRepoApp app, ChromiumBrowser browser) : IClassFixture<ImageRepoApp>, IClassFixture<ChromiumBrowser>
{
    // The IDE is 8 MB of scripts, and a busy machine takes its time over them.
    private const int Milliseconds = 60_000;

    // Without the policy too: what it would block must not even be tried.
    [Contract("T11")]
    [Fact]
    public Task It_runs_a_query_as_the_person_signed_in_and_asks_no_other_host() => RunAsync(hasPolicy: true);

    [Fact]
    [Trait("Category", "Full")]
    public Task No_policy_is_needed_to_keep_it_from_other_hosts() => RunAsync(hasPolicy: false);

    private async Task RunAsync(bool hasPolicy)
    {
        var name = $"baker-{(hasPolicy ? "kept" : "free")}";
        await using var tab = await browser.OpenAsync(app.Address, hasPolicy: hasPolicy);
        var page = tab.Page;
        var asked = Watch(page);
        await tab.SignUpAsync(name);

        await OpenDocumentAsync(page);
        await Expect(page.GetByText("Schema available")).ToBeVisibleAsync(new() { Timeout = Milliseconds });
        await page.Locator(".monaco-editor").First.ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync("{ __typename me { userName } }");
        await Expect(page.GetByText("Run ▷")).ToBeVisibleAsync(new() { Timeout = Milliseconds });
        await page.Keyboard.PressAsync("Control+Alt+Enter");
        await Expect(page.Locator(".monaco-editor", new() { HasText = "\"__typename\"" })).ToContainTextAsync($"\"{name}\"", new() { Timeout = Milliseconds });

        // It calls home ten seconds after it is shown, if at all.
        await page.WaitForFunctionAsync("() => performance.now() > 20_000");
        Assert.Contains(asked, url => url.AbsolutePath == "/graphql");
        Assert.Contains(asked, url => url.AbsolutePath == "/graphql/ui/service-worker.js");
        Assert.DoesNotContain(asked, IsForeign);
        Assert.Empty(tab.Complaints);
    }

    // What the test above leans on: its watch sees the telemetry of an IDE whose settings allow it.
    [Fact]
    [Trait("Category", "Full")]
    public async Task Telemetry_that_is_not_turned_off_would_be_noticed()
    {
        await using var tab = await browser.OpenAsync(app.Address, hasPolicy: false);
        var page = tab.Page;
        var asked = Watch(page);
        await page.Context.RouteAsync("https://**", route => route.AbortAsync());
        await page.Context.RouteAsync("**/bcp-config.json", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """{"endpoint":"/graphql","useBrowserUrlAsEndpoint":false}""",
        }));

        var call = await page.RunAndWaitForRequestAsync(() => OpenDocumentAsync(page), request => IsForeign(new(request.Url)), new() { Timeout = 2 * Milliseconds });
        Assert.Contains(new Uri(call.Url), asked);
    }

    private static async Task OpenDocumentAsync(IPage page)
    {
        await page.GotoAsync("/graphql/ui/", new() { Timeout = Milliseconds });
        // Its service worker fetches every file and takes over; then the IDE loads itself again, once.
        await page.WaitForFunctionAsync("() => navigator.serviceWorker.controller && performance.getEntriesByType('navigation')[0].type === 'reload'", options: new() { Timeout = Milliseconds });
        await page.GetByText("Create Document").ClickAsync(new() { Timeout = Milliseconds });
    }

    private static ConcurrentQueue<Uri> Watch(IPage page)
    {
        var asked = new ConcurrentQueue<Uri>();
        page.Context.Request += (_, request) => asked.Enqueue(new(request.Url));
        page.WebSocket += (_, socket) => asked.Enqueue(new(socket.Url));
        return asked;
    }

    private bool IsForeign(Uri url) => url.Scheme is not ("data" or "blob") && url.Authority != app.Address.Authority;
}
