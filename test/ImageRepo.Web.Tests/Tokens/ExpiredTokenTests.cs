using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Tokens;

/// <summary>These move the app's time, so they have an app of their own.</summary>
public sealed class ExpiredTokenTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task An_access_token_ends_after_a_quarter_of_an_hour_and_the_refresh_token_gives_a_new_one()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person);

        App.Time.Advance(TimeSpan.FromMinutes(14));
        Assert.Null(await client.RefusalAsync(granted.Access));
        App.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Access));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(granted.Access)).Status);
        Assert.Null(await client.RefusalAsync(Granted.Of(await client.RefreshAsync(granted.Refresh!)).Access));
    }

    [Fact]
    public async Task A_code_ends_after_two_minutes_and_a_refresh_token_after_thirty_days_without_use()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person);
        var code = TokenClient.CodeIn(await TokenClient.ConsentAsync(person, client.AuthorizationUrl()));

        App.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("invalid_grant", (await client.RedeemAsync(code)).Error);
        App.Time.Advance(TimeSpan.FromDays(20));
        var used = Granted.Of(await client.RefreshAsync(granted.Refresh!));
        App.Time.Advance(TimeSpan.FromDays(20));
        used = Granted.Of(await client.RefreshAsync(used.Refresh!));
        App.Time.Advance(TimeSpan.FromDays(31));

        Assert.Equal("invalid_grant", (await client.RefreshAsync(used.Refresh!)).Error);
    }
}
