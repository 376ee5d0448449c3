using System.Net;
using ImageRepo.Testing;
using ImageRepo.Web.Hosting;

namespace ImageRepo.Web.Tests.Api;

public sealed class DemoAccountTests(DemoAccountTests.DemoApp app) : AppTests<DemoAccountTests.DemoApp>(app)
{
    [Fact]
    public async Task The_demo_account_opens_while_only_this_machine_reaches_the_server()
    {
        using var visitor = App.Visit();

        using var response = await visitor.SignInAsync("user", "userPass");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Contains("Signed in as <strong>user</strong>", await visitor.GetPageAsync("/images"));
    }

    [Fact]
    public async Task The_demo_account_of_an_earlier_start_stays_closed_when_demo_is_off()
    {
        await using var closed = new ClosedApp(App);
        await ((IAsyncLifetime)closed).InitializeAsync();
        using var visitor = closed.Visit();

        using var response = await visitor.SignInAsync("user", "userPass");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("don&#x27;t match", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://127.0.0.1:80", true)]
    [InlineData("http://127.3.2.1:80", true)]
    [InlineData("https://[::1]:5443", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://+:5080", false)]
    [InlineData("http://192.168.1.7:5080", false)]
    [InlineData("http://example.org:5080", false)]
    public void Only_addresses_of_this_machine_count_as_its_own(string address, bool expected) =>
        Assert.Equal(expected, Greeting.IsLoopback(address));

    public sealed class DemoApp : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Demo:Enabled"] = "true";
    }

    private sealed class ClosedApp(ImageRepoApp first) : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["ConnectionStrings:ImageRepo"] = first.ConnectionString;
            settings["DataDirectory"] = first.DataDirectory;
        }
    }
}
