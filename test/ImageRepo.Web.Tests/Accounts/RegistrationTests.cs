using System.Net;
using ImageRepo.Testing;
using ImageRepo.Web.Identity.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.Accounts;

public sealed class InvitationTests(InvitationTests.ByInvitation app) : AppTests<InvitationTests.ByInvitation>(app)
{
    [Fact]
    public async Task An_invitation_lets_one_person_sign_up()
    {
        var code = await InviteAsync();
        using var first = App.Visit();
        using var second = App.Visit();
        Assert.Contains("by invitation", await first.GetPageAsync("/account/sign-up"));

        using var refused = await SignUpAsync(first, "invited", code, password: "short");
        using var accepted = await SignUpAsync(first, "invited", code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        using var again = await SignUpAsync(second, "uninvited", code);

        // Only an account that is made uses it up.
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.OK), (refused.StatusCode, accepted.StatusCode, again.StatusCode));
        Assert.Contains("mistyped, used or expired", WebUtility.HtmlDecode(await again.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Of_two_who_use_one_invitation_at_once_one_gets_in()
    {
        var code = await InviteAsync();
        using var first = App.Visit();
        using var second = App.Visit();

        var answers = await Task.WhenAll(SignUpAsync(first, "racer1", code), SignUpAsync(second, "racer2", code));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Redirect);
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_invitation_expires()
    {
        var code = await InviteAsync();
        App.Time.Advance(TimeSpan.FromDays(8));
        using var late = App.Visit();

        using var response = await SignUpAsync(late, "late", code);
        App.Time.Advance(-TimeSpan.FromDays(8));

        Assert.Contains("mistyped, used or expired", WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("", "Enter your invitation code")]
    [InlineData("AAAAA-AAAAA-AAAAA-AAAAA", "mistyped, used or expired")]
    [InlineData("\u0001\ufffe'; drop table account; --", "mistyped, used or expired")]
    public async Task Nobody_signs_up_without_an_invitation(string code, string expected)
    {
        using var visitor = App.Visit();

        using var response = await SignUpAsync(visitor, "stranger", code);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(expected, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()));
    }

    private Task<string> InviteAsync() => App.WithServicesAsync(async services =>
        (await services.GetRequiredService<Invitations>().MakeAsync(TimeSpan.FromDays(7), default)).Code);

    private static Task<HttpResponseMessage> SignUpAsync(ImageRepoClient client, string name, string code, string password = ImageRepoClient.Password) =>
        client.PostFormAsync("/account/sign-up", new() { ["UserName"] = name, ["Password"] = password, ["ConfirmPassword"] = password, ["Invitation"] = code });

    public sealed class ByInvitation : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Registration:Mode"] = "Invite";
    }
}

public sealed class ClosedRegistrationTests(ClosedRegistrationTests.Closed app) : AppTests<ClosedRegistrationTests.Closed>(app)
{
    [Fact]
    public async Task The_page_says_that_nobody_can_sign_up_and_nobody_can()
    {
        using var visitor = App.Visit();
        Assert.DoesNotContain("ConfirmPassword", await visitor.GetPageAsync("/account/sign-up"));

        using var response = await visitor.PostFormAsync(
            "/account/sign-up", new() { ["UserName"] = "stranger", ["Password"] = ImageRepoClient.Password, ["ConfirmPassword"] = ImageRepoClient.Password }, "/account/sign-in");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var signIn = await visitor.SignInAsync("stranger", ImageRepoClient.Password);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
    }

    [Theory]
    [InlineData("Opne")]
    [InlineData("7")]
    public void A_mode_that_there_is_not_is_told_with_those_that_there_are(string mode)
    {
        var result = new RegistrationOptionsCheck().Validate(null, new RegistrationOptions { Mode = mode });

        Assert.Contains($"Registration:Mode is '{mode}'; set it to Open, Invite, Closed", result.FailureMessage);
    }

    public sealed class Closed : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Registration:Mode"] = "Closed";
    }
}
