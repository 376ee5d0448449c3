using Microsoft.Playwright;

namespace ImageRepo.Web.Tests.Browser;

/// <summary>The system's Chromium (setting CHROMIUM, else /usr/bin/chromium), one a test class; each page has a profile of its own.</summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        // As patient as the pages' own steps: a busy machine is no failure.
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium",
            // Without a sandbox, since containers run it as root; the rest keeps it from looking for hosts outside.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            ],
        });
    }

    public async Task<BrowserPage> OpenAsync(Uri address, ColorScheme scheme = ColorScheme.Light, int width = 1280, float scale = 1, bool hasScripts = true, bool hasPolicy = true, bool trustsAnyCertificate = false)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 900 },
            DeviceScaleFactor = scale,
            JavaScriptEnabled = hasScripts,
            BypassCSP = !hasPolicy,
            IgnoreHTTPSErrors = trustsAnyCertificate,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(30_000);
        return new BrowserPage(await context.NewPageAsync());
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>A page that keeps what its console complained about: errors of scripts, and whatever its content security policy blocked.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    public BrowserPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Add($"{page.Url}: {error}");
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Complaints => _complaints;

    public async Task SignUpAsync(string name)
    {
        await Page.GotoAsync("/account/sign-up");
        await Page.GetByLabel("User name").FillAsync(name);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Testing.ImageRepoClient.Password);
        await Page.GetByLabel("Password again").FillAsync(Testing.ImageRepoClient.Password);
        await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Page.ArrivesAtAsync("/images");
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
