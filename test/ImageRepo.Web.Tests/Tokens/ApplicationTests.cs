using System.Net;
using ImageRepo.Testing;
using ImageRepo.Web.Identity.Applications;

namespace ImageRepo.Web.Tests.Tokens;

public sealed class ApplicationTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private const string Callback = "https://app.example.org/callback";

    [Fact]
    public async Task A_registered_application_gets_people_in_and_their_answer_is_kept()
    {
        using var developer = await App.SignUpAsync();
        using var person = await App.SignUpAsync();
        var (clientId, secret) = await DeveloperForms.RegisterAsync(developer, "Server", Callback);
        using var client = new TokenClient(App.Address, clientId, secret);
        const string scope = "openid images:read offline_access";

        var page = await person.GetPageAsync(client.AuthorizationUrl(scope, Callback));
        var first = await TokenClient.ConsentAsync(person, client.AuthorizationUrl(scope, Callback));
        using var second = await person.Http.GetAsync(client.AuthorizationUrl(scope, Callback));
        using var more = await person.Http.GetAsync(client.AuthorizationUrl(scope + " images:write", Callback));
        using var asked = await person.Http.GetAsync(client.AuthorizationUrl(scope, Callback, more: ("prompt", "consent")));

        Assert.Contains("app.example.org", page);
        Assert.Contains("not part of ImageRepo", page);
        Assert.Equal(HttpStatusCode.OK, (await client.RedeemAsync(TokenClient.CodeIn(first), redirect: Callback)).Status);
        Assert.Equal(HttpStatusCode.Redirect, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.RedeemAsync(TokenClient.CodeIn(second.Headers.Location!), redirect: Callback)).Status);
        Assert.Equal(HttpStatusCode.OK, more.StatusCode);
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
    }

    [Fact]
    public async Task Access_that_is_taken_back_ends_at_once_and_must_be_asked_for_again()
    {
        using var developer = await App.SignUpAsync();
        using var person = await App.SignUpAsync();
        var (clientId, secret) = await DeveloperForms.RegisterAsync(developer, "Server", Callback);
        using var client = new TokenClient(App.Address, clientId, secret);
        var granted = Granted.Of(await client.RedeemAsync(TokenClient.CodeIn(await TokenClient.ConsentAsync(person, client.AuthorizationUrl(redirect: Callback))), redirect: Callback));
        Assert.Null(await client.RefusalAsync(granted.Access));
        var listed = await person.GetPageAsync("/developer/access");
        Assert.Contains("The app", listed);
        Assert.Contains("See all your images", listed);

        using var ended = await person.PostFormAsync("/developer/access", new() { ["id"] = Assert.Single(DeveloperForms.Listed(listed)) });

        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Access));
        Assert.Equal("invalid_grant", (await client.RefreshAsync(granted.Refresh!)).Error);
        Assert.Contains("Nothing but you", await person.GetPageAsync("/developer/access"));
        using var again = await person.Http.GetAsync(client.AuthorizationUrl(redirect: Callback));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_removed_application_takes_its_tokens_with_it_and_nobody_else_removes_it()
    {
        using var developer = await App.SignUpAsync();
        using var person = await App.SignUpAsync();
        var (clientId, _) = await DeveloperForms.RegisterAsync(developer, "Device", "http://127.0.0.1/callback");
        using var client = new TokenClient(App.Address, clientId);
        var granted = await client.SignInAsync(person);
        var id = Assert.Single(DeveloperForms.Listed(await developer.GetPageAsync("/developer/applications")));

        using var foreign = await person.PostFormAsync("/developer/applications?handler=Remove", new() { ["id"] = id }, "/developer/applications");
        Assert.Null(await client.RefusalAsync(granted.Access));
        using var removed = await developer.PostFormAsync("/developer/applications?handler=Remove", new() { ["id"] = id }, "/developer/applications");

        Assert.Equal(HttpStatusCode.Redirect, removed.StatusCode);
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Access));
        Assert.Equal("invalid_client", (await client.RefreshAsync(granted.Refresh!)).Error);
        Assert.Empty(DeveloperForms.Listed(await developer.GetPageAsync("/developer/applications")));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_the_secret_is_shown_once()
    {
        using var developer = await App.SignUpAsync();
        var (clientId, secret) = await DeveloperForms.RegisterAsync(developer, "Server", Callback);
        using var liar = new TokenClient(App.Address, clientId, "a guess");
        using var silent = new TokenClient(App.Address, clientId);

        Assert.Equal("invalid_client", (await liar.RefreshAsync("x")).Error);
        Assert.Equal("invalid_client", (await silent.RefreshAsync("x")).Error);
        Assert.DoesNotContain(secret!, await developer.GetPageAsync("/developer/applications"));
        Assert.DoesNotContain(App.Log.Entries, entry => entry.ToString().Contains(secret!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_credentials_act_as_the_one_who_registered_them_within_their_scopes()
    {
        using var developer = await App.SignUpAsync();
        await developer.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        var page = await DeveloperForms.SendAsync(developer, "/developer/tokens?handler=Script", ("Name", "Backup"), ("Scopes", "images:read"));
        var clientId = page[(page.IndexOf("Client id</dt><dd><code>", StringComparison.Ordinal) + 24)..].Split('<')[0];
        using var script = new TokenClient(App.Address, clientId, DeveloperForms.Secret(page));

        var granted = Granted.Of(await script.AskAsync("/connect/token", new() { ["grant_type"] = "client_credentials" }));
        var tooMuch = await script.AskAsync("/connect/token", new() { ["grant_type"] = "client_credentials", ["scope"] = "images:write" });
        var asPerson = await developer.Http.GetAsync(script.AuthorizationUrl());
        var answer = await script.GraphQLAsync(granted.Access, "{ me { userName } images { totalCount } }");

        Assert.Equal(developer.UserName, answer.GetProperty("data").GetProperty("me").GetProperty("userName").GetString());
        Assert.Equal(1, answer.GetProperty("data").GetProperty("images").GetProperty("totalCount").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, tooMuch.Status);
        Assert.Equal(HttpStatusCode.BadRequest, asPerson.StatusCode);
        Assert.Null(granted.Refresh);
    }

    [Theory]
    [InlineData("", "at least one address")]
    [InlineData("app.example.org/callback", "is no whole address")]
    [InlineData("/callback", "is no whole address")]
    [InlineData("file:///etc/passwd", "is no whole address")]
    [InlineData("http://app.example.org/callback", "is http")]
    [InlineData("http://127.0.0.1.example.org/callback", "is http")]
    [InlineData("https://*.example.org/callback", "wildcard")]
    [InlineData("https://app.example.org/callback#x", "fragment")]
    [InlineData("https://user:word@app.example.org/", "user name")]
    [InlineData("javascript:alert(1)", "scheme that isn't your own")]
    [InlineData("data:text/html,x", "scheme that isn't your own")]
    [InlineData("myapp:/callback", "scheme that isn't your own")]
    [InlineData("https://app.example.org/a\\b", "is no whole address")]
    [InlineData("https://app.example.org/\"><script>", "is no whole address")]
    public async Task An_address_that_could_be_abused_is_refused_with_a_reason(string address, string reason)
    {
        using var developer = await App.SignUpAsync();

        var page = await DeveloperForms.SendAsync(developer, "/developer/applications", ("Name", "The app"), ("Kind", "Server"), ("RedirectAddresses", address));

        Assert.Contains(reason, page);
        Assert.Null(DeveloperForms.Secret(page));
    }

    [Theory]
    [InlineData("https://app.example.org/callback?from=us")]
    [InlineData("http://localhost:3000/callback")]
    [InlineData("http://[::1]/callback")]
    [InlineData("org.example.app:/callback")]
    [InlineData("https://app.example.org/one\r\nhttps://app.example.org/two\r\n")]
    public async Task An_address_of_ones_own_is_taken(string addresses)
    {
        using var developer = await App.SignUpAsync();

        Assert.NotNull((await DeveloperForms.RegisterAsync(developer, "Server", addresses)).Secret);
    }

    [Fact]
    public async Task Names_addresses_and_applications_have_limits_that_are_told()
    {
        using var developer = await App.SignUpAsync();
        async Task<string> RegisterAsync(string name, string addresses) =>
            await DeveloperForms.SendAsync(developer, "/developer/applications", ("Name", name), ("Kind", "Server"), ("RedirectAddresses", addresses));

        Assert.Contains("name of 1 to 60 characters", await RegisterAsync(new string('x', 61), Callback));
        Assert.Contains("name of 1 to 60 characters", await RegisterAsync("a\u0007b", Callback));
        Assert.Contains("10 are the most", await RegisterAsync("x", string.Join('\n', Enumerable.Range(0, 11).Select(i => $"{Callback}/{i}"))));
        Assert.Contains("is too long", await RegisterAsync("x", Callback + new string('x', RedirectAddress.MaxLength)));
        Assert.Contains("what kind", await DeveloperForms.SendAsync(developer, "/developer/applications", ("Name", "x"), ("Kind", "Script"), ("RedirectAddresses", Callback)));
        for (var i = 0; i < RegisteredApplications.MostOfOneAccount; i++)
        {
            Assert.NotNull((await DeveloperForms.RegisterAsync(developer, "Server", Callback)).Secret);
        }
        Assert.Contains("which is the most", await RegisterAsync("x", Callback));
    }
}
