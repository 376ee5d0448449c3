using System.Net;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.Tokens;

public sealed class PersonalTokenTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private const string Write = """mutation { tagImages(input: { ids: ["SW1hZ2U6MAAAAAAAAAAAAAAAAAAAAA=="], add: ["x"] }) { errors { __typename } } }""";

    [Fact]
    public async Task A_personal_token_acts_as_its_maker_within_its_scopes()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);

        var reading = await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");
        var both = await DeveloperForms.MakeTokenAsync(person, scopes: ["images:read", "images:write"]);
        var me = await client.GraphQLAsync(reading, "{ me { userName } }");
        var refused = await client.GraphQLAsync(reading, Write);
        var allowed = await client.GraphQLAsync(both, Write);

        Assert.Equal(person.UserName, me.GetProperty("data").GetProperty("me").GetProperty("userName").GetString());
        Assert.Null(await client.RefusalAsync(reading));
        Assert.Equal("AUTH_NOT_AUTHORIZED", refused.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.False(allowed.TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task It_is_shown_once_and_kept_nowhere()
    {
        using var person = await App.SignUpAsync();
        var token = await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");

        var page = await person.GetPageAsync("/developer/tokens");
        var kept = await App.WithDatabaseAsync(async db =>
            await Task.FromResult(db.Set<Infrastructure.Clients.ClientToken>().AsEnumerable().Count(t => t.ReferenceId == token || t.Payload?.Contains(token, StringComparison.Ordinal) == true)));

        Assert.Contains("A script", page);
        Assert.DoesNotContain(token, page);
        Assert.Equal(0, kept);
        Assert.DoesNotContain(App.Log.Entries, entry => entry.ToString().Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_ends_when_it_is_taken_back_and_nobody_else_takes_it_back()
    {
        using var person = await App.SignUpAsync();
        using var other = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var token = await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");
        var id = Assert.Single(DeveloperForms.Listed(await person.GetPageAsync("/developer/tokens")));

        await other.PostFormAsync("/developer/tokens?handler=EndToken", new() { ["id"] = id }, "/developer/tokens");
        Assert.Null(await client.RefusalAsync(token));
        using var ended = await person.PostFormAsync("/developer/tokens?handler=EndToken", new() { ["id"] = id }, "/developer/tokens");

        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(token));
        Assert.Empty(DeveloperForms.Listed(await person.GetPageAsync("/developer/tokens")));
    }

    [Fact]
    public async Task It_ends_with_sign_out_everywhere()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var token = await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");

        await App.WithServicesAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            return await users.UpdateSecurityStampAsync((await users.FindByNameAsync(person.UserName))!);
        });

        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(token));
    }

    [Theory]
    [InlineData("", "30", "images:read", "name of 1 to 60")]
    [InlineData("x", "0", "images:read", "1 to 366")]
    [InlineData("x", "367", "images:read", "1 to 366")]
    [InlineData("x", "-2147483648", "images:read", "1 to 366")]
    [InlineData("x", "many", "images:read", "1 to 366")]
    [InlineData("x", "30", "", "what the token may do")]
    [InlineData("x", "30", "openid", "what the token may do")]
    [InlineData("x", "30", "images:everything", "what the token may do")]
    public async Task A_wish_that_makes_no_sense_is_told_why(string name, string days, string scope, string reason)
    {
        using var person = await App.SignUpAsync();

        var page = await DeveloperForms.SendAsync(person, "/developer/tokens?handler=Token", ("Name", name), ("Days", days), ("Scopes", scope));

        Assert.Contains(reason, page);
        Assert.Null(DeveloperForms.Secret(page));
    }
}
