using System.Net;
using System.Web;
using ImageRepo.Testing;
using ImageRepo.Web.Hosting;
using ImageRepo.Web.Identity.External;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Tests.External;

public sealed class ExternalSettingsTests(ExternalSettingsTests.AllProvidersApp app) : AppTests<ExternalSettingsTests.AllProvidersApp>(app)
{
    [Fact]
    public async Task Each_configured_provider_has_its_button()
    {
        using var visitor = App.Visit();

        Assert.All(["/account/sign-in", "/account/sign-up"], path =>
        {
            var page = visitor.GetPageAsync(path).GetAwaiter().GetResult();
            Assert.All(["Google", "Microsoft", "GitHub", "Facebook", "a provider that is down"], name => Assert.Contains($"Continue with {name}", page));
        });
    }

    [Fact]
    public async Task Without_providers_there_are_no_buttons_and_no_way_back()
    {
        await using var plain = new ImageRepoApp();
        await ((IAsyncLifetime)plain).InitializeAsync();
        using var person = await plain.SignUpAsync();
        using var visitor = plain.Visit();

        Assert.DoesNotContain("Continue with", await visitor.GetPageAsync("/account/sign-in"));
        Assert.Contains("knows no other providers", await person.GetPageAsync("/account/external"));
        using var back = await visitor.Http.GetAsync("/account/external/callback/google?code=x&state=y");
        using var start = await visitor.PostFormAsync("/account/external/start", new() { ["provider"] = "google" }, "/account/sign-in");
        Assert.Equal(HttpStatusCode.NotFound, back.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, start.StatusCode);
    }

    [Theory]
    [InlineData("github", "github.com")]
    [InlineData("facebook", "www.facebook.com")]
    public async Task Their_buttons_lead_to_them(string provider, string host)
    {
        using var visitor = App.Visit();

        var address = await FederatedApp.StartAsync(visitor, provider: provider);

        Assert.Equal(host, address.Host);
        var request = HttpUtility.ParseQueryString(address.Query);
        Assert.Equal($"the-id-at-{provider}", request["client_id"]);
        Assert.Equal(new Uri(App.Address, $"/account/external/callback/{provider}").ToString(), request["redirect_uri"]);
        Assert.False(string.IsNullOrEmpty(request["state"]));
    }

    [Fact]
    public async Task A_provider_that_is_down_is_told_in_words()
    {
        App.Log.Expect("OpenIddict");
        using var visitor = App.Visit();

        using var response = await visitor.PostFormAsync("/account/external/start", new() { ["provider"] = "oidc" }, "/account/sign-in");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var page = await response.Content.ReadAsStringAsync();
        Assert.Contains("a provider that is down can't be reached", page);
        Assert.Contains("Nothing has changed", page);
    }

    [Theory]
    [InlineData("Google:ClientId", "x")]
    [InlineData("GitHub:ClientSecret", "x")]
    [InlineData("OpenIdConnect:ClientId", "x")]
    [InlineData("OpenIdConnect:Issuer", "https://login.example.org")]
    [InlineData("OpenIdConnect:ClientId", "x", "OpenIdConnect:Issuer", "login.example.org")]
    [InlineData("OpenIdConnect:ClientId", "x", "OpenIdConnect:Issuer", "http://login.example.org")]
    [InlineData("OpenIdConnect:ClientId", "x", "OpenIdConnect:Issuer", "https://login.example.org/?a=b")]
    [InlineData("OpenIdConnect:ClientId", "x", "OpenIdConnect:Issuer", "https://login.example.org", "OpenIdConnect:Name", "")]
    public void Half_of_a_provider_stops_the_start_and_names_itself(params string[] settings)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Validate(settings));

        Assert.StartsWith($"Identity:External:{settings[0].Split(':')[0]}", StartFailure.Explain(failure));
    }

    [Theory]
    [InlineData("Google:ClientId", "")]
    [InlineData("Google:ClientId", "x", "Google:ClientSecret", "y")]
    [InlineData("OpenIdConnect:ClientId", "x", "OpenIdConnect:Issuer", "https://login.example.org/realm")]
    [InlineData("OpenIdConnect:ClientId", "x", "OpenIdConnect:Issuer", "http://127.0.0.1:8080", "OpenIdConnect:ClientSecret", "y")]
    public void A_whole_provider_is_taken(params string[] settings) => Validate(settings);

    private static void Validate(string[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Chunk(2).Select(s => KeyValuePair.Create($"{ExternalOptions.Section}:{s[0]}", (string?)s[1]))).Build();
        var services = new ServiceCollection();
        services.AddExternalSignIn(configuration);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }

    public sealed class AllProvidersApp : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            foreach (var provider in new[] { "Google", "Microsoft", "GitHub", "Facebook" })
            {
                settings[$"Identity:External:{provider}:ClientId"] = $"the-id-at-{provider.ToLowerInvariant()}";
                settings[$"Identity:External:{provider}:ClientSecret"] = "a secret";
            }
            // Nothing listens there.
            settings["Identity:External:OpenIdConnect:Issuer"] = "http://127.0.0.1:1/";
            settings["Identity:External:OpenIdConnect:ClientId"] = "x";
            settings["Identity:External:OpenIdConnect:Name"] = "a provider that is down";
        }
    }
}
