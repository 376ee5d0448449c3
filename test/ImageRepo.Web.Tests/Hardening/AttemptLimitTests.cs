using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageRepo.Testing;
using ImageRepo.Web.Identity.Attempts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Tests.Hardening;

public sealed class AttemptLimitTests(AttemptLimitTests.StrictApp app) : AppTests<AttemptLimitTests.StrictApp>(app)
{
    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-up")]
    public async Task Whoever_tries_too_often_from_one_address_is_told_in_words_when_to_come_back(string path)
    {
        using var visitor = From("10.1.0.1");
        var token = await visitor.TokenAsync(path);
        HttpResponseMessage response;
        var tries = 0;
        do
        {
            response = await visitor.Http.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string> { ["requestVerificationToken"] = token }));
        }
        while (response.StatusCode == HttpStatusCode.OK && ++tries < 100);

        Assert.Equal(3, tries);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(int.Parse(response.Headers.GetValues("Retry-After").Single()), 60, 3600);
        Assert.Matches("Too many tries.*in [0-9]+ minutes", (await response.Content.ReadAsStringAsync()).ReplaceLineEndings(" "));
        // Its pages can be looked at, and who comes from elsewhere is not stopped.
        await visitor.GetPageAsync(path);
        using var elsewhere = From("10.1.0.2");
        using var theirs = await elsewhere.PostFormAsync(path, []);
        Assert.Equal(HttpStatusCode.OK, theirs.StatusCode);
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/device")]
    [InlineData("/connect/revoke")]
    [InlineData("/connect/introspect")]
    [InlineData("/connect/userinfo")]
    public async Task A_program_is_told_so_in_its_own_way(string path)
    {
        using var program = From($"10.2.0.{path.Length}");
        HttpResponseMessage response;
        var tries = 0;
        do
        {
            response = await program.Http.PostAsync(path, new FormUrlEncodedContent([]));
        }
        while (response.StatusCode != HttpStatusCode.TooManyRequests && ++tries < 100);

        Assert.Equal(3, tries);
        Assert.NotEmpty(response.Headers.GetValues("Retry-After"));
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("temporarily_unavailable", body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_devices_code_in_an_address_counts_as_one_that_is_typed()
    {
        using var guesser = From("10.3.0.1");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await guesser.Http.GetAsync($"/connect/verify?user_code=0000-0000-{i:0000}");
            statuses.Add(response.StatusCode);
        }
        using var look = await guesser.Http.GetAsync("/connect/verify");

        // A stranger is asked to sign in; the tries count all the same.
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(HttpStatusCode.Redirect, look.StatusCode);
    }

    [Fact]
    public void What_is_tried_for_an_account_is_counted_for_each_account_alone()
    {
        using var attempts = new AccountAttempts(Options.Create(new AttemptLimits { PasswordReset = new() { AccountBurst = 2, AccountPerHour = 1, AddressBurst = 1, AddressPerHour = 1 } }));

        Assert.Null(attempts.Refuse(Attempt.PasswordReset, "one"));
        Assert.Null(attempts.Refuse(Attempt.PasswordReset, "one"));
        Assert.InRange(attempts.Refuse(Attempt.PasswordReset, "one")!.Value.TotalMinutes, 1, 60);
        Assert.Null(attempts.Refuse(Attempt.PasswordReset, "two"));
        Assert.Null(attempts.Refuse(Attempt.DeviceCode, "one"));
    }

    [Fact]
    public void Limits_can_be_turned_off()
    {
        using var attempts = new AccountAttempts(Options.Create(new AttemptLimits { Enabled = false }));

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Null(attempts.Refuse(Attempt.SignIn, "one")));
    }

    [Theory]
    [InlineData("RateLimits:SignIn:AddressBurst", "0")]
    [InlineData("RateLimits:DeviceCode:AccountPerHour", "-1")]
    public void A_limit_that_is_none_stops_the_start_and_names_itself(string setting, string value)
    {
        var services = new ServiceCollection();
        services.AddAttemptLimits(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [setting] = value }).Build());
        using var provider = services.BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(setting[..setting.LastIndexOf(':')], failure.Message);
    }

    /// <summary>A client whose address the proxy before the app tells.</summary>
    private ImageRepoClient From(string address)
    {
        var client = App.Visit();
        client.Http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return client;
    }

    public sealed class StrictApp : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Proxy:KnownNetworks"] = "127.0.0.0/8,::1/128";
            foreach (var attempt in Enum.GetNames<Attempt>())
            {
                settings[$"RateLimits:{attempt}:AddressBurst"] = "3";
                settings[$"RateLimits:{attempt}:AddressPerHour"] = "6";
            }
        }
    }
}
