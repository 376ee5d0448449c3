using System.Net;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Tokens;
using Microsoft.Playwright;

namespace ImageRepo.Web.Tests.Browser;

/// <summary>The way through sign-in and consent in a real browser, whose policy for forms holds back what a page doesn't name.</summary>
public sealed class ConsentTests(ImageRepoApp app, ChromiumBrowser browser) : AppTests<ImageRepoApp>(app), IClassFixture<ChromiumBrowser>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_on_this_device_gets_its_code_by_the_browser(bool hasScripts)
    {
        using var person = await App.SignUpAsync();
        using var program = new HttpListener();
        var port = FreePort();
        program.Prefixes.Add($"http://127.0.0.1:{port}/");
        program.Start();
        var redirect = $"http://127.0.0.1:{port}/callback";
        using var client = new TokenClient(App.Address);
        await using var tab = await browser.OpenAsync(App.Address, hasScripts: hasScripts);
        var page = tab.Page;
        var called = ReceiveAsync(program);

        await page.GotoAsync(client.AuthorizationUrl(redirect: redirect));
        await page.GetByLabel("User name").FillAsync(person.UserName);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(ImageRepoClient.Password);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "ImageRepo for the command line" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        var callback = await called.WaitAsync(TimeSpan.FromSeconds(60));

        var granted = Granted.Of(await client.RedeemAsync(TokenClient.CodeIn(callback), redirect: redirect));
        Assert.Null(await client.RefusalAsync(granted.Access));
    }

    private static async Task<Uri> ReceiveAsync(HttpListener program)
    {
        var context = await program.GetContextAsync();
        context.Response.Close("You can close this page."u8.ToArray(), willBlock: false);
        return context.Request.Url!;
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
