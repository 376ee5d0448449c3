using System.Net;
using System.Web;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.External;

public sealed class ExternalSignInTests(FederatedApp app) : AppTests<FederatedApp>(app)
{
    private static int _names;

    [Fact]
    public async Task A_newcomer_chooses_a_name_and_comes_back_to_the_same_account()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var person = App.Visit();
        using var first = await FederatedApp.GoThereAndBackAsync(person, atProvider, returnUrl: "/upload");
        Assert.Equal("/account/external/new", Location(first));
        Assert.Contains($"value=\"{atProvider.UserName}\"", await person.GetPageAsync("/account/external/new"));
        var name = NewName();
        using var made = await person.PostFormAsync("/account/external/new", new() { ["UserName"] = name });
        Assert.Equal("/upload", Location(made));
        var id = await MeAsync(person);

        using var again = App.Visit();
        using var second = await FederatedApp.GoThereAndBackAsync(again, atProvider, returnUrl: "//evil.example");

        Assert.Equal("/images", Location(second));
        Assert.Equal(id, await MeAsync(again));
        Assert.Contains(name, await again.GetPageAsync("/images"));
    }

    [Fact]
    public async Task A_provider_is_linked_signs_in_and_is_unlinked()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var person = await App.SignUpAsync();
        using var linked = await FederatedApp.GoThereAndBackAsync(person, atProvider, isLink: true);
        Assert.Equal("/account/external", Location(linked));
        var page = await person.GetPageAsync("/account/external");
        Assert.Contains($"{FederatedApp.ProviderName} opens your account now", page);
        Assert.Contains($"Unlink {FederatedApp.ProviderName}", page);

        using var elsewhere = App.Visit();
        using var signedIn = await FederatedApp.GoThereAndBackAsync(elsewhere, atProvider);
        Assert.Equal("/images", Location(signedIn));
        Assert.Equal(await MeAsync(person), await MeAsync(elsewhere));

        Assert.Equal("/account/external", await UnlinkAsync(person));
        Assert.Contains("no longer opens", await person.GetPageAsync("/account/external"));
        using var late = App.Visit();
        using var unknown = await FederatedApp.GoThereAndBackAsync(late, atProvider);
        Assert.Equal("/account/external/new", Location(unknown));
        // Whoever came in by it is out.
        using var gone = await elsewhere.Http.GetAsync("/images");
        Assert.Equal(HttpStatusCode.Redirect, gone.StatusCode);
    }

    [Theory]
    [InlineData(null, "Enter your password.")]
    [InlineData("not the password", "This is not your password.")]
    public async Task A_provider_is_linked_by_who_knows_the_password(string? password, string expected)
    {
        using var person = await App.SignUpAsync();

        var page = await RefusedLinkAsync(person, password);

        Assert.Contains(expected, page);
        Assert.DoesNotContain("http-equiv=\"refresh\"", page);
    }

    [Fact]
    public async Task Without_a_password_a_provider_is_linked_by_who_has_just_signed_in()
    {
        using var person = await App.SignUpAsync();
        await App.WithServicesAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            var user = (await users.FindByNameAsync(person.UserName))!;
            user.PasswordHash = null;
            return await users.UpdateAsync(user);
        });
        App.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.Contains("sign in again first", await RefusedLinkAsync(person, null));

        App.Time.Advance(-TimeSpan.FromMinutes(11));
        Assert.Contains("/connect/authorize", (await FederatedApp.StartAsync(person, isLink: true)).AbsolutePath);
    }

    [Fact]
    public async Task The_last_way_in_can_not_be_removed()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var person = App.Visit();
        (await FederatedApp.GoThereAndBackAsync(person, atProvider)).Dispose();
        (await person.PostFormAsync("/account/external/new", new() { ["UserName"] = NewName() })).Dispose();

        using var refused = await person.PostFormAsync("/account/external?handler=Unlink", await LoginOfAsync(person), "/account/external");

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains("the last way into your account", await refused.Content.ReadAsStringAsync());
        Assert.Contains($"Unlink {FederatedApp.ProviderName}", await person.GetPageAsync("/account/external"));
    }

    [Fact]
    public async Task Of_two_removals_at_once_the_second_finds_that_it_would_be_the_last()
    {
        using var person = await App.SignUpAsync();
        await App.WithServicesAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            var user = await users.FindByNameAsync(person.UserName);
            await users.AddLoginAsync(user!, new UserLoginInfo("https://one.example/", "1", "One"));
            await users.AddLoginAsync(user!, new UserLoginInfo("https://two.example/", "2", "Two"));
            return await users.RemovePasswordAsync(user!);
        });
        await using var left = App.Services.CreateAsyncScope();
        await using var right = App.Services.CreateAsyncScope();
        var (one, two) = (left.ServiceProvider.GetRequiredService<UserManager<User>>(), right.ServiceProvider.GetRequiredService<UserManager<User>>());
        var (first, second) = (await one.FindByNameAsync(person.UserName), await two.FindByNameAsync(person.UserName));

        var removed = await one.RemoveLoginAsync(first!, "https://one.example/", "1");
        var tooLate = await two.RemoveLoginAsync(second!, "https://two.example/", "2");

        Assert.True(removed.Succeeded);
        Assert.False(tooLate.Succeeded);
        Assert.Single(await App.WithDatabaseAsync(db => db.UserLogins.Where(l => l.UserId == first!.Id).ToListAsync()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_e_mail_address_opens_nobodys_account(bool isVerified)
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var victim = await App.SignUpAsync();
        var address = $"{victim.UserName}@example.org";
        await SetEmailAsync(App.Provider, atProvider.UserName, address, isVerified);
        await SetEmailAsync(App, victim.UserName, address, isConfirmed: true);
        using var attacker = App.Visit();

        using var back = await FederatedApp.GoThereAndBackAsync(attacker, atProvider);

        Assert.Equal("/account/external/new", Location(back));
        using var library = await attacker.Http.GetAsync("/images");
        Assert.Equal(HttpStatusCode.Redirect, library.StatusCode);
        // Nor does the same name.
        using var taken = await attacker.PostFormAsync("/account/external/new", new() { ["UserName"] = victim.UserName });
        Assert.Contains("This user name is taken", await taken.Content.ReadAsStringAsync());
        Assert.Empty(await App.WithDatabaseAsync(db => db.UserLogins.Where(l => db.Users.Any(u => u.Id == l.UserId && u.UserName == victim.UserName)).ToListAsync()));
    }

    [Fact]
    public async Task An_answer_counts_once_and_in_the_browser_that_asked_alone()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var person = App.Visit();
        using var other = App.Visit();
        var stolen = await FederatedApp.AnswerAsync(atProvider, await FederatedApp.StartAsync(person));
        var back = await FederatedApp.AnswerAsync(atProvider, await FederatedApp.StartAsync(person));
        await FederatedApp.StartAsync(other);

        Assert.Contains("didn&#x27;t come to an answer", await RefusedAsync(other, stolen));
        using var counted = await person.Http.GetAsync(back);
        Assert.Equal("/account/external/new", Location(counted));
        Assert.Contains("didn&#x27;t come to an answer", await RefusedAsync(person, back));
    }

    [Fact]
    public async Task An_answer_that_was_changed_is_refused()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var person = App.Visit();
        var back = await FederatedApp.AnswerAsync(atProvider, await FederatedApp.StartAsync(person));
        var query = HttpUtility.ParseQueryString(back.Query);
        (string Name, string? Value)[] changes =
            [("state", null), ("state", "garbage"), ("state", query["state"] + "x"), ("code", null), ("code", "garbage"), ("iss", "https://evil.example/"), ("error", "server_error"), ("error", "<script>alert(1)</script>")];
        foreach (var (name, value) in changes)
        {
            var changed = HttpUtility.ParseQueryString(back.Query);
            changed[name] = value;
            if (value is null)
            {
                changed.Remove(name);
            }
            using var fresh = App.Visit();
            foreach (Cookie cookie in person.Cookies.GetAllCookies())
            {
                fresh.Cookies.Add(App.Address, new Cookie(cookie.Name, cookie.Value, "/"));
            }
            var page = await RefusedAsync(fresh, new UriBuilder(back) { Query = changed.ToString() }.Uri);
            Assert.DoesNotContain("<script>alert", page);
            using var library = await fresh.Http.GetAsync("/images");
            Assert.Equal(HttpStatusCode.Redirect, library.StatusCode);
        }
    }

    [Fact]
    public async Task Who_says_no_at_the_provider_is_told_that_nothing_has_changed()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var person = App.Visit();
        var back = await FederatedApp.AnswerAsync(atProvider, await FederatedApp.StartAsync(person), "deny");

        Assert.Contains("Nothing has changed", await RefusedAsync(person, back));
    }

    [Fact]
    public async Task A_link_goes_to_the_account_that_asked_for_it_or_to_none()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var person = await App.SignUpAsync();
        var back = await FederatedApp.AnswerAsync(atProvider, await FederatedApp.StartAsync(person, isLink: true));
        (await person.PostFormAsync("/account/sign-out", [])).Dispose();
        await person.SignUpAsync(NewName());

        Assert.Contains("somebody else", await RefusedAsync(person, back));
        Assert.DoesNotContain("Unlink", await person.GetPageAsync("/account/external"));
    }

    [Fact]
    public async Task What_opens_one_account_can_not_be_linked_to_another()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var owner = await App.SignUpAsync();
        using var other = await App.SignUpAsync();
        (await FederatedApp.GoThereAndBackAsync(owner, atProvider, isLink: true)).Dispose();

        var back = await FederatedApp.AnswerAsync(atProvider, await FederatedApp.StartAsync(other, isLink: true));

        Assert.Contains("opens another account here already", await RefusedAsync(other, back));
        using var again = App.Visit();
        (await FederatedApp.GoThereAndBackAsync(again, atProvider)).Dispose();
        Assert.Equal(await MeAsync(owner), await MeAsync(again));
    }

    [Fact]
    public async Task Wrong_passwords_do_not_lock_the_way_by_a_provider()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var owner = await App.SignUpAsync();
        (await FederatedApp.GoThereAndBackAsync(owner, atProvider, isLink: true)).Dispose();
        using var guesser = App.Visit();
        for (var i = 0; i < 6; i++)
        {
            (await guesser.SignInAsync(owner.UserName, $"guess number {i}")).Dispose();
        }
        using var fresh = App.Visit();

        using var signedIn = await FederatedApp.GoThereAndBackAsync(fresh, atProvider);

        Assert.Equal("/images", Location(signedIn));
    }

    [Fact]
    public async Task The_request_carries_state_nonce_and_a_challenge()
    {
        using var person = App.Visit();

        var request = HttpUtility.ParseQueryString((await FederatedApp.StartAsync(person)).Query);

        Assert.All(["state", "nonce", "code_challenge", "client_id"], name => Assert.False(string.IsNullOrEmpty(request[name]), name));
        Assert.Equal("S256", request["code_challenge_method"]);
        Assert.Equal("openid profile", request["scope"]);
        Assert.Equal(new Uri(App.Address, "/account/external/callback/oidc").ToString(), request["redirect_uri"]);
    }

    [Fact]
    public async Task Both_sides_write_audit_lines_and_neither_a_code_or_token()
    {
        using var atProvider = await App.Provider.SignUpAsync();
        using var person = await App.SignUpAsync();
        var back = await FederatedApp.AnswerAsync(atProvider, await FederatedApp.StartAsync(person, isLink: true));
        (await person.Http.GetAsync(back)).Dispose();
        using var unknown = App.Provider.Visit();
        foreach (var clientId in new[] { "forged, by nobody", "forged\nAudit: x" })
        {
            (await unknown.Http.PostAsync("/connect/token", new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = "none" }))).Dispose();
        }
        var query = HttpUtility.ParseQueryString(back.Query);
        var here = App.Log.Entries.Select(e => e.Message).ToList();
        var there = App.Provider.Log.Entries.Select(e => e.Message).ToList();
        var account = await App.Provider.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == atProvider.UserName).Select(u => u.Id).SingleAsync());

        Assert.Contains(there, l => l.StartsWith($"Audit: ConsentGiven, account {account}, application the-first, by code,", StringComparison.Ordinal));
        Assert.Contains(there, l => l.StartsWith($"Audit: TokenIssued, account {account}, application the-first, by authorization_code,", StringComparison.Ordinal));
        Assert.Contains(there, l => l.StartsWith("Audit: TokenRefused, account (null), application (null), by invalid_client,", StringComparison.Ordinal));
        Assert.Contains(here, l => l.StartsWith("Audit: ProviderLinked, ", StringComparison.Ordinal) && l.Contains("by oidc,"));
        Assert.DoesNotContain(there.Concat(here), l => l.Contains("forged") || l.Contains(query["code"]!) || l.Contains(query["state"]!));
    }

    [Theory]
    [InlineData("/account/external/callback/oidc")]
    [InlineData("/account/external/callback/nobody")]
    [InlineData("/account/external/callback/oidc?state=x&code=y")]
    [InlineData("/account/external/callback/oidc?error=access_denied")]
    public async Task The_way_back_opened_by_itself_signs_nobody_in(string path)
    {
        using var visitor = App.Visit();
        using var response = await visitor.Http.GetAsync(path);

        Assert.InRange((int)response.StatusCode, 400, 404);
        using var library = await visitor.Http.GetAsync("/images");
        Assert.Equal(HttpStatusCode.Redirect, library.StatusCode);
    }

    private static string NewName() => $"chosen{Interlocked.Increment(ref _names)}";

    private static string? Location(HttpResponseMessage response) => response.Headers.Location?.OriginalString;

    private static async Task<string?> MeAsync(ImageRepoClient person) => (await person.GraphQLAsync("{ me { id } }")).GetProperty("me").GetProperty("id").GetString();

    private static async Task<string> RefusedLinkAsync(ImageRepoClient person, string? password)
    {
        var form = new Dictionary<string, string> { ["provider"] = "oidc", ["isLink"] = "true" };
        if (password is not null)
        {
            form["password"] = password;
        }
        using var response = await person.PostFormAsync("/account/external/start", form, "/account/external");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<string> RefusedAsync(ImageRepoClient person, Uri back)
    {
        using var response = await person.Http.GetAsync(back);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<Dictionary<string, string>> LoginOfAsync(ImageRepoClient person)
    {
        var name = (await person.GraphQLAsync("{ me { userName } }")).GetProperty("me").GetProperty("userName").GetString();
        var login = await App.WithDatabaseAsync(db => db.UserLogins.SingleAsync(l => db.Users.Any(u => u.Id == l.UserId && u.UserName == name)));
        return new() { ["issuer"] = login.LoginProvider, ["key"] = login.ProviderKey };
    }

    private async Task<string?> UnlinkAsync(ImageRepoClient person)
    {
        using var response = await person.PostFormAsync("/account/external?handler=Unlink", await LoginOfAsync(person), "/account/external");
        return Location(response);
    }

    private static Task<IdentityResult> SetEmailAsync(ImageRepoApp app, string name, string address, bool isConfirmed) => app.WithServicesAsync(async services =>
    {
        var users = services.GetRequiredService<UserManager<User>>();
        var user = await users.FindByNameAsync(name);
        user!.Email = address;
        user.EmailConfirmed = isConfirmed;
        return await users.UpdateAsync(user);
    });
}
