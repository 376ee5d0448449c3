using System.Net;
using System.Text.RegularExpressions;
using ImageRepo.Testing;
using ImageRepo.Web.Identity.Letters;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Tests.Accounts;

public sealed partial class LetterTests(LetterTests.WithMail app) : AppTests<LetterTests.WithMail>(app)
{
    private const string NewPassword = "another harbour at dusk";

    [Fact]
    public async Task A_confirmed_address_is_the_way_to_a_new_password_once()
    {
        using var person = await App.SignUpAsync();
        await ConfirmAsync(person, $"{person.UserName}@example.org");
        Assert.Contains($"{person.UserName}@example.org", await person.GetPageAsync("/account/email"));
        Assert.Contains("Your library is empty", await person.GetPageAsync("/images"));

        using var visitor = App.Visit();
        await AskAsync(visitor, $"{person.UserName.ToUpperInvariant()}@example.org");
        var letter = await App.Mailbox.ReceiveAsync();
        Assert.Contains(person.UserName, letter.TextBody);
        var link = Link().Match(letter.TextBody!).Value;
        Assert.StartsWith("http://images.example/account/reset-password?", link);

        using var reset = await ResetAsync(visitor, link, NewPassword);
        Assert.Equal("/account/sign-in", reset.Headers.Location?.OriginalString);
        using var page = await person.Http.GetAsync("/images");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        using var signedIn = await visitor.SignInAsync(person.UserName, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);

        using var replay = App.Visit();
        using var again = await ResetAsync(replay, link, "a third harbour at noon");
        Assert.Contains("was used already", await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Nobody_learns_whether_an_address_has_an_account()
    {
        using var person = await App.SignUpAsync();
        await ConfirmAsync(person, "known@example.org");
        using var visitor = App.Visit();

        var known = await AskAsync(visitor, "known@example.org");
        var unknown = await AskAsync(visitor, "unknown@example.org");

        Assert.Equal(known, unknown);
        Assert.Equal("known@example.org", (await App.Mailbox.ReceiveAsync()).To.Mailboxes.Single().Address);
        Assert.True(App.Mailbox.IsEmpty);
    }

    [Fact]
    public async Task An_account_gets_so_many_letters_and_who_asks_for_more_is_told_the_same()
    {
        using var person = await App.SignUpAsync();
        using var other = await App.SignUpAsync();
        await ConfirmAsync(other, "other@example.org");
        await ConfirmAsync(person, "flooded@example.org"); // The first of three.
        using var visitor = App.Visit();

        string[] answers = [await AskAsync(visitor, "flooded@example.org"), await AskAsync(visitor, "flooded@example.org"), await AskAsync(visitor, "flooded@example.org")];
        await AskAsync(visitor, "other@example.org");

        Assert.Single(answers.Distinct());
        var received = new[] { await App.Mailbox.ReceiveAsync(), await App.Mailbox.ReceiveAsync(), await App.Mailbox.ReceiveAsync() };
        // They go in order, so a third one to the flooded address would have come before the last.
        Assert.Equal(["flooded@example.org", "flooded@example.org", "other@example.org"], received.Select(l => l.To.Mailboxes.Single().Address));
        Assert.True(App.Mailbox.IsEmpty);
        using var again = await SetAsync(person, "flooded2@example.org");
        Assert.Contains("too many letters", await again.Content.ReadAsStringAsync());
        Assert.Contains(App.Log.Entries, e => e.Message.StartsWith("Audit: EmailConfirmed, account ", StringComparison.Ordinal));
        Assert.DoesNotContain(App.Log.Entries, e => e.ToString().Contains("flooded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_nobody_has_confirmed_gets_no_letter_and_resets_nothing()
    {
        using var person = await App.SignUpAsync();
        using var asked = await SetAsync(person, "unconfirmed@example.org");
        await App.Mailbox.ReceiveAsync();
        using var visitor = App.Visit();

        await AskAsync(visitor, "unconfirmed@example.org");
        await ConfirmAsync(person, "marker@example.org");

        // The letters go in order, so the next one that came was the last one asked for.
        Assert.True(App.Mailbox.IsEmpty);
    }

    [Theory]
    [InlineData("token=x")]
    [InlineData("account=00000000000000000000000000000000&token=x")]
    [InlineData("account=%00&token=%ff")]
    public async Task A_made_up_link_opens_nothing(string query)
    {
        using var visitor = App.Visit();

        using var reset = await ResetAsync(visitor, $"http://images.example/account/reset-password?{query}", NewPassword);
        using var confirm = await visitor.PostFormAsync($"/account/email/confirm?{query}&email=a%40example.org", []);

        Assert.Contains("incomplete", await reset.Content.ReadAsStringAsync());
        Assert.Contains("incomplete", await confirm.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_link_is_void_after_an_hour()
    {
        using var person = await App.SignUpAsync();
        await ConfirmAsync(person, "late@example.org");
        using var visitor = App.Visit();
        await AskAsync(visitor, "late@example.org");
        var link = Link().Match((await App.Mailbox.ReceiveAsync()).TextBody!).Value;

        // Identity takes the hour by the machine's own clock: the hour is asked for, and then made shorter than the letter's way.
        var life = App.Services.GetRequiredService<IOptions<DataProtectionTokenProviderOptions>>().Value;
        Assert.Equal(TimeSpan.FromHours(1), life.TokenLifespan);
        life.TokenLifespan = TimeSpan.Zero;
        using var late = await ResetAsync(visitor, link, NewPassword);
        life.TokenLifespan = TimeSpan.FromHours(1);

        Assert.Contains("too old", await late.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_letter_that_the_server_can_not_take_now_is_sent_later()
    {
        using var person = await App.SignUpAsync();
        App.Mailbox.Failures = 1;

        using var asked = await SetAsync(person, "patient@example.org");

        Assert.Equal("patient@example.org", (await App.Mailbox.ReceiveAsync()).To.Mailboxes.Single().Address);
        Assert.DoesNotContain(App.Log.Entries, e => e.ToString().Contains("patient@example.org", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@b@c")]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    [InlineData("a@example.org, b@example.org")]
    [InlineData("Name <a@example.org>")]
    [InlineData("a@example.org\0")]
    public void What_is_no_single_address_is_not_written_to(string text) => Assert.False(EmailAddress.IsValid(text));

    private static async Task<string> AskAsync(ImageRepoClient client, string email)
    {
        using var response = await client.PostFormAsync("/account/forgot-password", new() { ["Email"] = email });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static Task<HttpResponseMessage> SetAsync(ImageRepoClient person, string email) =>
        person.PostFormAsync("/account/email", new() { ["Email"] = email, ["Password"] = ImageRepoClient.Password });

    private async Task ConfirmAsync(ImageRepoClient person, string email)
    {
        using var asked = await SetAsync(person, email);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        var letter = await App.Mailbox.ReceiveAsync();
        Assert.Equal(email, letter.To.Mailboxes.Single().Address);
        using var confirmed = await person.PostFormAsync(new Uri(Link().Match(letter.TextBody!).Value).PathAndQuery, []);
        Assert.Equal(HttpStatusCode.Redirect, confirmed.StatusCode);
    }

    private static Task<HttpResponseMessage> ResetAsync(ImageRepoClient client, string link, string password) =>
        client.PostFormAsync(new Uri(link).PathAndQuery, new() { ["Password"] = password, ["ConfirmPassword"] = password });

    [GeneratedRegex("http://images\\.example/account/\\S+")]
    private static partial Regex Link();

    public sealed class WithMail : ImageRepoApp
    {
        internal Mailbox Mailbox { get; } = new();

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Mailbox.DisposeAsync();
        }

        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["PublicUrl"] = "http://images.example";
            settings["Smtp:Host"] = "127.0.0.1";
            settings["Smtp:Port"] = $"{Mailbox.Port}";
            settings["Smtp:Security"] = "None";
            settings["Smtp:From"] = "ImageRepo <images@images.example>";
            settings["RateLimits:PasswordReset:AddressBurst"] = "100000";
        }
    }
}
