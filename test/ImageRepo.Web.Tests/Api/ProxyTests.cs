using System.Text.RegularExpressions;
using ImageRepo.GraphQL;
using ImageRepo.Testing;
using ImageRepo.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Tests.Api;

public sealed partial class ProxyTests(ProxyTests.SecureApp app) : AppTests<ProxyTests.SecureApp>(app)
{
    private const string PublicUrl = "https://images.example.org";

    [Fact]
    public async Task With_an_https_address_every_cookie_is_secure_and_pages_print_that_address()
    {
        using var http = Client(App);
        using var form = await http.GetAsync("/account/sign-up");
        var token = TokenField().Match(await form.Content.ReadAsStringAsync()).Groups[1].Value;
        var antiforgery = SetCookie(form, "__Host-imagerepo.antiforgery");
        http.DefaultRequestHeaders.Add("Cookie", antiforgery.Split(';')[0]);

        using var signedUp = await http.PostAsync("/account/sign-up", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["UserName"] = "secureperson",
            ["Password"] = ImageRepoClient.Password,
            ["ConfirmPassword"] = ImageRepoClient.Password,
            ["requestVerificationToken"] = token,
        }));
        var session = SetCookie(signedUp, "__Host-imagerepo.session");
        http.DefaultRequestHeaders.Add("Cookie", session.Split(';')[0]);
        var page = await http.GetStringAsync("/developer");

        Assert.All(signedUp.Headers.GetValues("Set-Cookie").Append(antiforgery), cookie =>
        {
            Assert.StartsWith("__Host-", cookie);
            Assert.Contains("; path=/", cookie);
            Assert.Contains("; secure", cookie);
            Assert.Contains("; httponly", cookie);
            Assert.Contains("; samesite=", cookie);
            Assert.DoesNotContain("domain=", cookie);
        });
        Assert.Contains($"BASE={PublicUrl}\n", page);
        Assert.DoesNotContain(App.Address.Authority, page);
    }

    [Fact]
    public async Task What_nobody_known_forwards_is_not_believed()
    {
        await using var alone = new ImageRepoApp();
        await ((IAsyncLifetime)alone).InitializeAsync();

        using var response = await AskAsync(alone);
        using var known = await AskAsync(App);

        Assert.Equal(alone.Address.Authority, response.Headers.Location?.Authority);
        // With a PublicUrl it is that which counts, whatever host a request names.
        Assert.Equal($"{PublicUrl}/account/sign-in", known.Headers.Location?.GetLeftPart(UriPartial.Path));
    }

    [Fact]
    public async Task What_a_known_proxy_forwards_is_believed()
    {
        await using var behind = new BehindProxyApp();
        await ((IAsyncLifetime)behind).InitializeAsync();

        using var response = await AskAsync(behind);

        Assert.Equal("https://photos.example.net/account/sign-in", response.Headers.Location?.GetLeftPart(UriPartial.Path));
    }

    [Theory]
    [InlineData("PublicUrl", "images.example.org")]
    [InlineData("PublicUrl", "localhost:5080")]
    [InlineData("PublicUrl", "/images")]
    [InlineData("PublicUrl", "ftp://images.example.org")]
    [InlineData("PublicUrl", "https://images.example.org/?a=b")]
    [InlineData("Proxy:KnownNetworks", "proxy")]
    [InlineData("Proxy:KnownNetworks", "10.0.0.1")]
    [InlineData("Proxy:KnownNetworks", "10.0.0.0/8, 10.0.0.0/33")]
    public void A_wrong_address_or_network_stops_the_start_and_names_itself(string setting, string value)
    {
        var failure = Assert.ThrowsAny<Exception>(() => Validate(setting, value));

        Assert.StartsWith(setting, StartFailure.Explain(failure));
    }

    [Theory]
    [InlineData("PublicUrl", "")]
    [InlineData("PublicUrl", "http://localhost:5080/")]
    [InlineData("PublicUrl", "https://example.org/photos")]
    [InlineData("Proxy:KnownNetworks", "")]
    [InlineData("Proxy:KnownNetworks", "10.0.0.0/8, fd00::/8,")]
    public void Addresses_and_networks_that_are_some_are_taken(string setting, string value) => Validate(setting, value);

    /// <summary>What the start does before anything else.</summary>
    private static void Validate(string setting, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [setting] = value }).Build();
        var services = new ServiceCollection();
        services.AddImageRepoGraphQL(configuration);
        services.AddProxy(configuration);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }

    private static async Task<HttpResponseMessage> AskAsync(ImageRepoApp app)
    {
        using var http = Client(app);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        http.DefaultRequestHeaders.Add("X-Forwarded-Host", "photos.example.net");
        return await http.GetAsync("/images");
    }

    // Cookies by hand: over plain http, as a proxy talks to the server, a client's own jar keeps none that is secure.
    private static HttpClient Client(ImageRepoApp app) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Address };

    private static string SetCookie(HttpResponseMessage response, string name) =>
        Assert.Single(response.Headers.GetValues("Set-Cookie"), c => c.StartsWith(name + "=", StringComparison.Ordinal));

    [GeneratedRegex("name=\"requestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex TokenField();

    public sealed class SecureApp : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["PublicUrl"] = PublicUrl + "/";
    }

    private sealed class BehindProxyApp : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Proxy:KnownNetworks"] = "::1/128, 127.0.0.0/8";
    }
}
