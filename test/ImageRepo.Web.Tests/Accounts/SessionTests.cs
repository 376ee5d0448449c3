using System.Net;
using System.Text.RegularExpressions;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Accounts;

public sealed partial class SessionTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private const string NewPassword = "another harbour at dusk";

    [Fact]
    public async Task The_list_names_browsers_and_one_of_them_can_be_signed_out()
    {
        using var here = await App.SignUpAsync();
        using var there = await SignInAsync(here.UserName, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1");

        var list = await here.GetPageAsync("/account/sessions");
        Assert.Contains("Safari on iPhone", list);
        Assert.Contains("This browser", list);
        using var ended = await here.PostFormAsync("/account/sessions?handler=end", new() { ["id"] = SessionId().Match(list).Groups[1].Value });

        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.False(await IsSignedInAsync(there));
        Assert.True(await IsSignedInAsync(here));
        Assert.DoesNotContain("Safari on iPhone", await here.GetPageAsync("/account/sessions"));
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_somebody_else()
    {
        using var victim = await App.SignUpAsync();
        using var second = await SignInAsync(victim.UserName, "curl/8");
        using var attacker = await App.SignUpAsync();
        var id = SessionId().Match(await victim.GetPageAsync("/account/sessions")).Groups[1].Value;

        using var response = await attacker.PostFormAsync("/account/sessions?handler=end", new() { ["id"] = id }, "/account/sessions");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.True(await IsSignedInAsync(second));
    }

    [Fact]
    public async Task Sign_out_everywhere_ends_every_session_at_once()
    {
        using var here = await App.SignUpAsync();
        using var there = await SignInAsync(here.UserName, "curl/8");

        using var response = await here.PostFormAsync("/account/sessions?handler=everywhere", [], "/account/sessions");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.False(await IsSignedInAsync(here));
        Assert.False(await IsSignedInAsync(there));
    }

    [Fact]
    public async Task Signing_out_makes_a_kept_copy_of_the_cookie_worthless()
    {
        using var person = await App.SignUpAsync();
        var copy = person.Cookies.GetCookieHeader(App.Address);
        using (await person.PostFormAsync("/account/sign-out", []))
        {
        }

        using var thief = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = App.Address };
        thief.DefaultRequestHeaders.Add("Cookie", copy);
        using var page = await thief.GetAsync("/images");

        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task A_new_password_keeps_this_session_and_ends_the_others()
    {
        using var here = await App.SignUpAsync();
        using var there = await SignInAsync(here.UserName, "curl/8");

        using var response = await ChangeAsync(here, ImageRepoClient.Password, NewPassword, NewPassword);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.True(await IsSignedInAsync(here));
        Assert.False(await IsSignedInAsync(there));
        using var visitor = App.Visit();
        using var old = await visitor.SignInAsync(here.UserName, ImageRepoClient.Password);
        using var @new = await visitor.SignInAsync(here.UserName, NewPassword);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (old.StatusCode, @new.StatusCode));
    }

    [Theory]
    [InlineData("not the password", NewPassword, NewPassword, "This is not your password")]
    [InlineData(ImageRepoClient.Password, NewPassword, "something else", "The two new passwords differ")]
    [InlineData(ImageRepoClient.Password, "password123", "password123", "too weak")]
    [InlineData(ImageRepoClient.Password, "", "", "Choose a new password")]
    public async Task A_password_is_changed_by_who_knows_it_to_one_that_is_good(string password, string @new, string again, string expected)
    {
        using var person = await App.SignUpAsync();

        using var response = await ChangeAsync(person, password, @new, again);

        Assert.Contains(expected, await response.Content.ReadAsStringAsync());
        using var visitor = App.Visit();
        using var old = await visitor.SignInAsync(person.UserName, ImageRepoClient.Password);
        Assert.Equal(HttpStatusCode.Redirect, old.StatusCode);
    }

    [Fact]
    public async Task Whoever_finds_a_browser_open_can_not_guess_the_password_in_it()
    {
        using var person = await App.SignUpAsync();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await ChangeAsync(person, $"guess number {i}", NewPassword, NewPassword);
        }

        using var right = await ChangeAsync(person, ImageRepoClient.Password, NewPassword, NewPassword);

        Assert.Contains("too many wrong passwords", await right.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> ChangeAsync(ImageRepoClient person, string password, string @new, string again) =>
        person.PostFormAsync("/account/password", new() { ["Password"] = password, ["NewPassword"] = @new, ["ConfirmPassword"] = again });

    private async Task<ImageRepoClient> SignInAsync(string name, string userAgent)
    {
        var client = App.Visit();
        client.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        using var response = await client.SignInAsync(name, ImageRepoClient.Password);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return client;
    }

    private static async Task<bool> IsSignedInAsync(ImageRepoClient client)
    {
        using var page = await client.Http.GetAsync("/images");
        return page.StatusCode == HttpStatusCode.OK;
    }

    [GeneratedRegex("name=\"id\" value=\"([0-9a-f-]{36})\"")]
    private static partial Regex SessionId();
}
