using System.Net;
using System.Text.RegularExpressions;
using ImageRepo.Testing;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Tests.Hardening;

public sealed partial class AuditLogTests(AuditLogTests.BehindProxyApp app) : AppTests<AuditLogTests.BehindProxyApp>(app)
{
    [Fact]
    public async Task The_log_tells_who_did_what_when_and_from_where()
    {
        using var person = App.Visit();
        person.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        await person.SignUpAsync("audited");
        var id = await App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == "audited").Select(u => u.Id).SingleAsync());
        (await person.PostFormAsync("/account/sign-out", [])).Dispose();
        (await person.SignInAsync("audited", ImageRepoClient.Password)).Dispose();
        using var guesser = App.Visit();
        guesser.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.10");
        for (var i = 0; i < 5; i++)
        {
            (await guesser.SignInAsync("audited", $"secret-guess-{i}")).Dispose();
        }

        var lines = Lines(id);

        Assert.Equal(
            [.. new[] { AuditEvent.SignedUp, AuditEvent.SignedOut, AuditEvent.SignedIn }.Select(e => (e, "203.0.113.9")),
            .. Enumerable.Repeat((AuditEvent.SignInRefused, "203.0.113.10"), 5), (AuditEvent.LockedOut, "203.0.113.10")],
            lines.Select(l => (l.What, l.Address)));
        Assert.All(lines, l => Assert.InRange(l.At, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1)));
    }

    [Fact]
    public async Task An_unknown_name_is_not_written_since_it_may_be_a_password()
    {
        using var visitor = App.Visit();
        (await visitor.SignInAsync("hunter2-typed-into-the-wrong-field", "x")).Dispose();

        Assert.Contains(Lines(null), l => l.What == AuditEvent.SignInRefused);
        Assert.DoesNotContain(App.Log.Entries, e => e.ToString().Contains("hunter2"));
    }

    [Fact]
    public async Task No_password_and_no_cookie_is_in_the_log()
    {
        using var person = App.Visit();
        person.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.11");
        await person.SignUpAsync("careful");
        using var guesser = App.Visit();
        (await guesser.SignInAsync("careful", "secret-wrong-word")).Dispose();

        var secrets = person.Cookies.GetAllCookies().Select(c => c.Value).Append(ImageRepoClient.Password).Append("secret-wrong-word").Append("secret-guess").ToList();
        Assert.True(secrets.Count >= 5);
        Assert.DoesNotContain(App.Log.Entries, e => secrets.Any(s => e.ToString().Contains(s, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Whatever_changes_who_gets_into_an_account_is_told_and_nothing_that_opens_it()
    {
        const string NewPassword = "another harbour at dusk";
        const string Callback = "https://app.example.org/callback";
        using var person = App.Visit();
        person.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.12");
        await person.SignUpAsync("thorough");
        var id = await App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == "thorough").Select(u => u.Id).SingleAsync());
        using var there = App.Visit();
        (await there.SignInAsync("thorough", ImageRepoClient.Password)).Dispose();

        await SendAsync(person, "/account/sessions?handler=end", ("id", DeveloperForms.Listed(await person.GetPageAsync("/account/sessions"))[0]));
        var (clientId, secret) = await DeveloperForms.RegisterAsync(person, "Server", Callback);
        using var client = new TokenClient(App.Address, clientId, secret);
        var code = TokenClient.CodeIn(await TokenClient.ConsentAsync(person, client.AuthorizationUrl(redirect: Callback)));
        var granted = Granted.Of(await client.RedeemAsync(code, redirect: Callback));
        await SendAsync(person, "/developer/access", ("id", DeveloperForms.Listed(await person.GetPageAsync("/developer/access"))[0]));
        var personal = await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");
        await SendAsync(person, "/developer/tokens?handler=EndToken", ("id", DeveloperForms.Listed(await person.GetPageAsync("/developer/tokens"))[0]));
        await SendAsync(person, "/developer/applications?handler=Remove", ("id", DeveloperForms.Listed(await person.GetPageAsync("/developer/applications"))[0]));
        (await person.PostFormAsync("/account/export", [])).Dispose();
        await SendAsync(person, "/account/password", ("Password", ImageRepoClient.Password), ("NewPassword", NewPassword), ("ConfirmPassword", NewPassword));
        await SendAsync(person, "/account/sessions?handler=everywhere");
        (await person.SignInAsync("thorough", NewPassword)).Dispose();
        await SendAsync(person, "/account/delete", ("Password", NewPassword), ("IsSure", "true"));

        Assert.Equal(
            [
                AuditEvent.SignedUp, AuditEvent.SignedIn, AuditEvent.SessionEnded, AuditEvent.ApplicationRegistered, AuditEvent.ConsentGiven, AuditEvent.TokenIssued,
                AuditEvent.ConsentRevoked, AuditEvent.TokenIssued, AuditEvent.TokenRevoked, AuditEvent.ApplicationRemoved, AuditEvent.DataExported,
                AuditEvent.PasswordChanged, AuditEvent.SignedOutEverywhere, AuditEvent.SignedIn, AuditEvent.AccountDeleted,
            ],
            Lines(id).Select(l => l.What));
        foreach (var what in new[] { AuditEvent.ApplicationRegistered, AuditEvent.ConsentGiven, AuditEvent.ConsentRevoked, AuditEvent.ApplicationRemoved })
        {
            Assert.Contains(App.Log.Entries, e => e.Message.StartsWith($"Audit: {what}, account {id}, application {clientId}, ", StringComparison.Ordinal));
        }
        string[] secrets = [NewPassword, ImageRepoClient.Password, secret!, code, granted.Access, granted.Refresh!, personal, "thorough", .. person.Cookies.GetAllCookies().Select(c => c.Value)];
        Assert.DoesNotContain(App.Log.Entries, e => secrets.Any(s => e.ToString().Contains(s, StringComparison.Ordinal)));
    }

    private static async Task SendAsync(ImageRepoClient person, string path, params (string Name, string Value)[] fields)
    {
        using var response = await person.PostFormAsync(path, fields.ToDictionary(f => f.Name, f => f.Value), path.Split('?')[0]);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    private List<(AuditEvent What, string Address, DateTimeOffset At)> Lines(Guid? account) =>
        [.. App.Log.Entries.Where(e => e.Category == typeof(AuditLog).FullName).Select(e => Line().Match(e.Message))
            .Where(m => m.Success && m.Groups["account"].Value == (account?.ToString() ?? "(null)"))
            .Select(m => (Enum.Parse<AuditEvent>(m.Groups["what"].Value), m.Groups["address"].Value, DateTimeOffset.Parse(m.Groups["at"].Value)))];

    [GeneratedRegex("^Audit: (?<what>[A-Za-z]+), account (?<account>[^,]+), application [^,]+, by [^,]+, from (?<address>[^,]+), at (?<at>[^,]+)$")]
    private static partial Regex Line();

    public sealed class BehindProxyApp : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Proxy:KnownNetworks"] = "127.0.0.0/8,::1/128";
    }
}
