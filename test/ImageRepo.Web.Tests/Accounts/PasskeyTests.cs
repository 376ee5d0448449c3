using ImageRepo.Testing;
using ImageRepo.Web.Tests.Browser;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Accounts;

public sealed class PasskeyTests(ImageRepoApp app, ChromiumBrowser browser) : AppTests<ImageRepoApp>(app), IClassFixture<ChromiumBrowser>
{
    /// <summary>Passkeys belong to host names; an address of numbers has none.</summary>
    private Uri Localhost => new UriBuilder(App.Address) { Host = "localhost" }.Uri;

    [Fact]
    public async Task A_passkey_is_added_named_used_and_removed()
    {
        await using var tab = await browser.OpenAsync(Localhost);
        var page = tab.Page;
        await AddAuthenticatorAsync(page);
        await tab.SignUpAsync("keyholder");

        await AddAsync(page, "My phone");
        await Expect(page.GetByText("The passkey was added.")).ToBeVisibleAsync();
        await SignOutAsync(page);
        await SignInAsync(page);
        await page.ArrivesAtAsync("/images");

        await page.GotoAsync("/account/passkeys");
        await page.GetByText("Rename").ClickAsync();
        await page.GetByLabel("Name of the passkey").FillAsync("My old phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "My old phone" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the passkey My old phone" }).ClickAsync();
        await Expect(page.GetByText("The passkey was removed.")).ToBeVisibleAsync();
        await SignOutAsync(page);
        await SignInAsync(page);
        await Expect(page.GetByText("This passkey opens no account here.")).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
        var id = await App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == "keyholder").Select(u => u.Id).SingleAsync());
        foreach (var what in new[] { $"PasskeyAdded, account {id}", $"SignedIn, account {id}, application (null), by passkey", $"PasskeyRenamed, account {id}", $"PasskeyRemoved, account {id}", "SignInRefused, account (null), application (null), by passkey" })
        {
            Assert.Contains(App.Log.Entries, e => e.Message.StartsWith($"Audit: {what},", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_passkey_is_added_by_who_knows_the_password_and_an_answer_counts_once()
    {
        await using var tab = await browser.OpenAsync(Localhost);
        var page = tab.Page;
        await AddAuthenticatorAsync(page);
        await tab.SignUpAsync("carefulkeyholder");

        await AddAsync(page, "Not mine", "not the password");
        await Expect(page.GetByText("This is not your password.")).ToBeVisibleAsync();

        string? answer = null;
        page.Request += (_, request) => answer = request.PostData is { } form && form.Contains("answer=", StringComparison.Ordinal) && request.Url.Contains("handler=passkey", StringComparison.OrdinalIgnoreCase) ? form : answer;
        await AddAsync(page, "Mine");
        await Expect(page.GetByText("The passkey was added.")).ToBeVisibleAsync();
        await SignOutAsync(page);
        await SignInAsync(page);
        await page.ArrivesAtAsync("/images");
        Assert.NotNull(answer);
        await SignOutAsync(page);
        await page.GotoAsync("/account/sign-in");
        // The form as it was sent before, with its answer and its token.
        var status = await page.EvaluateAsync<int>(
            "async body => (await fetch('/account/sign-in?handler=passkey', { method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, redirect: 'manual' })).status", answer);
        Assert.True(status is 200 or 400, $"It answered {status}.");
        await page.GotoAsync("/images");
        Assert.Contains("/account/sign-in", page.Url);
    }

    internal static async Task AddAuthenticatorAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    internal static async Task AddAsync(IPage page, string name, string password = ImageRepoClient.Password)
    {
        await page.GotoAsync("/account/passkeys");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Your password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
    }

    internal static async Task SignOutAsync(IPage page)
    {
        await page.GotoAsync("/account/sign-out");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.ArrivesAtAsync("/");
    }

    internal static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/account/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
    }
}
