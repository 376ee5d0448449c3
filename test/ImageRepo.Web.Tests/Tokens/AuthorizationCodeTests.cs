using System.Net;
using System.Text.Json;
using ImageRepo.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageRepo.Web.Tests.Tokens;

public sealed class AuthorizationCodeTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task A_person_who_says_yes_gets_the_application_in()
    {
        using var person = await App.SignUpAsync();
        await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        using var client = new TokenClient(App.Address);

        var callback = await TokenClient.ConsentAsync(person, client.AuthorizationUrl());
        var granted = Granted.Of(await client.RedeemAsync(TokenClient.CodeIn(callback)));
        var images = await client.GraphQLAsync(granted.Access, "{ me { userName } images { totalCount } }");

        Assert.StartsWith(TokenClient.Callback, callback.ToString());
        Assert.Equal("the state", QueryHelpers.ParseQuery(callback.Query)["state"]);
        Assert.NotNull(granted.Refresh);
        Assert.Equal(person.UserName, images.GetProperty("data").GetProperty("me").GetProperty("userName").GetString());
        Assert.Equal(1, images.GetProperty("data").GetProperty("images").GetProperty("totalCount").GetInt32());
    }

    [Fact]
    public async Task The_question_names_the_application_and_what_it_may_do()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);

        var page = await person.GetPageAsync(client.AuthorizationUrl("openid images:read"));

        Assert.Contains("ImageRepo for the command line", page);
        Assert.Contains("See all your images", page);
        Assert.Contains("a program on this device", page);
        Assert.DoesNotContain("delete them", page);
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_the_application_out()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);

        var callback = await TokenClient.ConsentAsync(person, client.AuthorizationUrl(), "deny");

        Assert.Equal("access_denied", QueryHelpers.ParseQuery(callback.Query)["error"]);
        Assert.DoesNotContain("code=", callback.Query);
    }

    [Fact]
    public async Task An_answer_without_the_forms_token_counts_for_nothing()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var parameters = QueryHelpers.ParseQuery(new Uri(App.Address, client.AuthorizationUrl()).Query).ToDictionary(p => p.Key, p => p.Value.ToString());

        using var response = await person.Http.PostAsync("/connect/authorize", new FormUrlEncodedContent(new Dictionary<string, string>(parameters) { ["answer"] = "allow" }));
        using var asked = await person.Http.PostAsync("/connect/authorize", new FormUrlEncodedContent(parameters));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        // An application's own request may come as a form; then the person is asked.
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Contains("Allow", await asked.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_signs_in_first_and_goes_on()
    {
        using var person = await App.SignUpAsync();
        using var visitor = App.Visit();
        using var client = new TokenClient(App.Address);

        using var asked = await visitor.Http.GetAsync(client.AuthorizationUrl());
        var returnUrl = QueryHelpers.ParseQuery(asked.Headers.Location!.Query)["returnUrl"].ToString();
        using var signedIn = await visitor.SignInAsync(person.UserName, ImageRepoClient.Password, returnUrl);
        var between = await visitor.GetPageAsync(signedIn.Headers.Location!.OriginalString);

        Assert.Equal("/account/sign-in", asked.Headers.Location.AbsolutePath);
        Assert.StartsWith("/connect/continue?", signedIn.Headers.Location.OriginalString);
        Assert.Contains("http-equiv=\"refresh\"", between);
        Assert.Contains("/connect/authorize?client_id=imagerepo-cli", between);
    }

    [Fact]
    public async Task A_request_that_must_not_ask_is_answered_with_an_error()
    {
        using var person = await App.SignUpAsync();
        using var visitor = App.Visit();
        using var client = new TokenClient(App.Address);

        using var stranger = await visitor.Http.GetAsync(client.AuthorizationUrl(more: ("prompt", "none")));
        using var known = await person.Http.GetAsync(client.AuthorizationUrl(more: ("prompt", "none")));

        Assert.Equal("login_required", QueryHelpers.ParseQuery(stranger.Headers.Location!.Query)["error"]);
        Assert.Equal("consent_required", QueryHelpers.ParseQuery(known.Headers.Location!.Query)["error"]);
    }

    [Fact]
    public async Task A_request_for_a_fresh_sign_in_asks_for_the_password_again()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);

        using var response = await person.Http.GetAsync(client.AuthorizationUrl(more: ("prompt", "login")));
        using var second = await person.Http.GetAsync("/images");

        Assert.Equal("/account/sign-in", response.Headers.Location!.AbsolutePath);
        Assert.DoesNotContain("prompt", response.Headers.Location.Query);
        Assert.Equal(HttpStatusCode.Redirect, second.StatusCode);
    }

    [Fact]
    public async Task A_wrong_verifier_is_refused_and_the_code_is_not_to_be_guessed_at()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var code = TokenClient.CodeIn(await TokenClient.ConsentAsync(person, client.AuthorizationUrl()));

        var wrong = await client.RedeemAsync(code, verifier: new string('x', 43));
        var missing = await client.RedeemAsync(code, verifier: "");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (wrong.Status, wrong.Error));
        Assert.Equal(HttpStatusCode.BadRequest, missing.Status);
    }

    [Theory]
    [InlineData("code_challenge", "")]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("response_type", "token")]
    [InlineData("response_type", "id_token")]
    [InlineData("scope", "images:everything")]
    [InlineData("client_id", "unknown")]
    [InlineData("prompt", "none login")]
    public async Task A_request_without_proof_or_for_what_is_not_offered_is_refused(string name, string value)
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);

        using var response = await person.Http.GetAsync(client.AuthorizationUrl(more: (name, value)));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Contains("This application asked for something wrong", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    [InlineData("state")]
    public async Task A_request_with_what_no_value_holds_is_refused(string name)
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);

        using var response = await person.Http.GetAsync(client.AuthorizationUrl(more: (name, "a\0b")));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    [Fact]
    public async Task A_code_counts_once_and_its_second_use_ends_what_the_first_gave()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var code = TokenClient.CodeIn(await TokenClient.ConsentAsync(person, client.AuthorizationUrl()));
        var granted = Granted.Of(await client.RedeemAsync(code));

        var again = await client.RedeemAsync(code);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (again.Status, again.Error));
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Access));
        Assert.Equal("invalid_grant", (await client.RefreshAsync(granted.Refresh!)).Error);
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://127.0.0.1:49152/callback/more")]
    [InlineData("http://127.0.0.1.evil.example/callback")]
    [InlineData("http://127.0.0.2:49152/callback")]
    [InlineData("javascript:alert(1)")]
    public async Task A_foreign_redirect_address_is_never_followed(string redirect)
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);

        using var response = await person.Http.GetAsync(client.AuthorizationUrl(redirect: redirect));
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Contains("This application asked for something wrong", page);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/callback")]
    [InlineData("http://127.0.0.1:65535/callback")]
    [InlineData("http://[::1]:8123/callback")]
    [InlineData("http://localhost:8123/callback")]
    public async Task The_command_line_chooses_any_port_of_this_machine(string redirect)
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);

        var callback = await TokenClient.ConsentAsync(person, client.AuthorizationUrl(redirect: redirect));
        var granted = await client.RedeemAsync(TokenClient.CodeIn(callback), redirect: redirect);

        Assert.StartsWith(redirect, callback.ToString());
        Assert.Equal(HttpStatusCode.OK, granted.Status);
    }

    [Fact]
    public async Task The_command_line_is_asked_about_each_time_since_any_program_could_pose_as_it()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        await client.SignInAsync(person);

        var page = await person.GetPageAsync(client.AuthorizationUrl());

        Assert.Contains("ImageRepo for the command line", page);
    }

    [Fact]
    public async Task An_identity_token_and_userinfo_tell_what_the_scopes_allow()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person, "openid profile");
        var sparse = await client.SignInAsync(person, "openid");

        var token = JsonDocument.Parse(WebEncoders.Base64UrlDecode(granted.Identity!.Split('.')[1])).RootElement;
        var info = await client.UserInfoAsync(granted.Access);
        var little = await client.UserInfoAsync(sparse.Access);

        Assert.Equal("the nonce", token.GetProperty("nonce").GetString());
        Assert.Equal(person.UserName, token.GetProperty("preferred_username").GetString());
        Assert.InRange(token.GetProperty("auth_time").GetInt64(), App.Time.GetUtcNow().AddMinutes(-10).ToUnixTimeSeconds(), App.Time.GetUtcNow().ToUnixTimeSeconds());
        Assert.DoesNotContain("SecurityStamp", token.ToString());
        Assert.Equal(person.UserName, info.Json.GetProperty("preferred_username").GetString());
        Assert.Equal(info.Json.GetProperty("sub").GetString(), little.Json.GetProperty("sub").GetString());
        Assert.False(little.Json.TryGetProperty("name", out _));
        Assert.Null(granted.Refresh);
    }

    [Fact]
    public async Task Discovery_names_what_there_is_and_nothing_else()
    {
        using var http = new HttpClient { BaseAddress = App.Address };

        var metadata = JsonDocument.Parse(await http.GetStringAsync("/.well-known/openid-configuration")).RootElement;

        Assert.Equal(App.Address.ToString(), metadata.GetProperty("issuer").GetString());
        Assert.Equal(["S256"], Texts("code_challenge_methods_supported"));
        Assert.Equal(["code"], Texts("response_types_supported"));
        Assert.Equal(
            ["authorization_code", "client_credentials", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
            Texts("grant_types_supported").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["email", "images:read", "images:write", "offline_access", "openid", "profile"], Texts("scopes_supported").Order(StringComparer.Ordinal));

        IEnumerable<string?> Texts(string name) => metadata.GetProperty(name).EnumerateArray().Select(v => v.GetString());
    }
}
