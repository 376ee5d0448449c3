using System.Net;
using System.Text.RegularExpressions;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Api;

public sealed partial class AccountTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task Sign_up_signs_in_and_opens_an_empty_library()
    {
        using var person = await App.SignUpAsync();

        Assert.Contains("Your library is empty", await person.GetPageAsync("/images"));
    }

    [Fact]
    public async Task Sign_up_tells_that_a_name_is_taken_whatever_its_case()
    {
        using var first = await App.SignUpAsync();
        using var second = App.Visit();

        var page = await SignUpAsync(second, first.UserName.ToUpperInvariant(), ImageRepoClient.Password, ImageRepoClient.Password);

        Assert.Contains("This user name is taken", page);
    }

    [Fact]
    public async Task Sign_up_tells_that_the_passwords_differ()
    {
        using var visitor = App.Visit();

        var page = await SignUpAsync(visitor, "differs", ImageRepoClient.Password, ImageRepoClient.Password + "!");

        Assert.Contains("The two passwords differ", page);
    }

    [Theory]
    [InlineData("7 chars", "too short")]
    [InlineData("password123", "too weak")]
    [InlineData("aaaaaaaaaaaa", "too weak")]
    [InlineData("weakling2026", "too weak")]
    [InlineData("userPass", "too weak")]
    public async Task Sign_up_tells_that_a_password_is_weak(string password, string expected)
    {
        using var visitor = App.Visit();

        var page = await SignUpAsync(visitor, "weakling", password, password);

        Assert.Contains(expected, page);
        Assert.DoesNotContain(password, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("with blank")]
    [InlineData("<script>")]
    [InlineData("ümlaut")]
    public async Task Sign_up_refuses_characters_that_no_name_has(string name)
    {
        using var visitor = App.Visit();

        var page = await SignUpAsync(visitor, name, ImageRepoClient.Password, ImageRepoClient.Password);

        Assert.Contains("A user name is made of letters", page);
        Assert.DoesNotContain("<script>", page);
    }

    [Fact]
    public async Task Sign_in_answers_the_same_for_a_wrong_password_and_an_unknown_name()
    {
        using var known = await App.SignUpAsync("knownperson");
        using var visitor = App.Visit();

        var wrong = await RefusedAsync(visitor, "knownperson", "not the password");
        var unknown = await RefusedAsync(visitor, "unknownperson", "not the password");

        Assert.Contains("don&#x27;t match", wrong);
        Assert.Equal(Anonymous(wrong), Anonymous(unknown));
    }

    [Fact]
    public async Task A_name_that_no_account_can_have_is_unknown_and_can_not_be_chosen()
    {
        using var visitor = App.Visit();
        foreach (var name in new[] { "a\0", "a\u0001b", "\u001f\u007f", "a\ufffe", "\U0001f600", new string('x', 65), new string('x', 100_000) })
        {
            // A form in parts carries what the framework refuses in a plain one, such as NUL.
            Assert.Contains("don&#x27;t match", await SendAsync("/account/sign-in", name));
            Assert.Contains("user name", await SendAsync("/account/sign-up", name));
        }

        async Task<string> SendAsync(string path, string name)
        {
            var form = new MultipartFormDataContent
            {
                { new StringContent(await visitor.TokenAsync(path)), "requestVerificationToken" },
                { new StringContent(name), "UserName" },
                { new StringContent(ImageRepoClient.Password), "Password" },
                { new StringContent(ImageRepoClient.Password), "ConfirmPassword" },
            };
            using var response = await visitor.Http.PostAsync(path, form);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_the_right_one_too()
    {
        using var person = await App.SignUpAsync();
        using var guesser = App.Visit();
        for (var i = 0; i < 5; i++)
        {
            await RefusedAsync(guesser, person.UserName, $"guess number {i}");
        }

        Assert.Contains("don&#x27;t match", await RefusedAsync(guesser, person.UserName, ImageRepoClient.Password));
        Assert.Contains("Your library is empty", await person.GetPageAsync("/images"));
    }

    [Fact]
    public async Task Sign_out_ends_the_session()
    {
        using var person = await App.SignUpAsync();

        using var response = await person.PostFormAsync("/account/sign-out", []);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        using var gallery = await person.Http.GetAsync("/images");
        Assert.Equal(HttpStatusCode.Redirect, gallery.StatusCode);
    }

    [Theory]
    [InlineData("/account/sign-up")]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-out")]
    [InlineData("/account/sign-in?handler=passkey")]
    [InlineData("/account/password")]
    [InlineData("/account/passkeys?handler=remove")]
    [InlineData("/account/sessions?handler=everywhere")]
    [InlineData("/account/export")]
    [InlineData("/account/delete")]
    [InlineData("/trash?handler=restore")]
    public async Task A_form_without_its_token_changes_nothing(string path)
    {
        using var person = await App.SignUpAsync();

        using var response = await person.Http.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string> { ["UserName"] = "x", ["id"] = "x" }));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("didn&#x27;t work", await response.Content.ReadAsStringAsync());
        Assert.Contains("Your library is empty", await person.GetPageAsync("/images"));
    }

    [Theory]
    [InlineData("/images")]
    [InlineData("/images/SW1hZ2U6AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/upload")]
    [InlineData("/trash")]
    [InlineData("/developer")]
    [InlineData("/account")]
    [InlineData("/account/password")]
    [InlineData("/account/passkeys")]
    [InlineData("/account/sessions")]
    [InlineData("/account/export")]
    [InlineData("/account/delete")]
    public async Task Pages_of_a_library_ask_a_stranger_to_sign_in(string path)
    {
        using var visitor = App.Visit();

        using var response = await visitor.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal($"/account/sign-in?returnUrl={Uri.EscapeDataString(path)}", response.Headers.Location?.PathAndQuery);
    }

    [Fact]
    public async Task Cookies_are_kept_from_scripts_and_from_other_sites()
    {
        using var visitor = App.Visit();
        using var response = await visitor.PostFormAsync("/account/sign-up", new()
        {
            ["UserName"] = "cookieperson",
            ["Password"] = ImageRepoClient.Password,
            ["ConfirmPassword"] = ImageRepoClient.Password,
        });

        var session = Assert.Single(response.Headers.GetValues("Set-Cookie"), c => c.StartsWith("imagerepo.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", session);
        Assert.Contains("samesite=lax", session);
    }

    [Fact]
    public async Task A_session_counts_on_another_node_and_after_a_restart()
    {
        using var person = await App.SignUpAsync();
        await using var other = new SecondNode(App);
        await ((IAsyncLifetime)other).InitializeAsync();
        using var elsewhere = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = other.Address };
        elsewhere.DefaultRequestHeaders.Add("Cookie", person.Cookies.GetCookieHeader(App.Address));

        var page = await elsewhere.GetStringAsync("/images");

        Assert.Contains(person.UserName, page);
    }

    private static async Task<string> SignUpAsync(ImageRepoClient client, string name, string password, string confirm)
    {
        using var response = await client.PostFormAsync("/account/sign-up", new() { ["UserName"] = name, ["Password"] = password, ["ConfirmPassword"] = confirm });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<string> RefusedAsync(ImageRepoClient client, string name, string password)
    {
        using var response = await client.SignInAsync(name, password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>A page without what was typed and without the token of its form.</summary>
    private static string Anonymous(string page) => Typed().Replace(page, "");

    [GeneratedRegex("value=\"[^\"]*\"")]
    private static partial Regex Typed();

    private sealed class SecondNode(ImageRepoApp first) : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["ConnectionStrings:ImageRepo"] = first.ConnectionString;
            settings["DataDirectory"] = first.DataDirectory;
        }
    }
}
