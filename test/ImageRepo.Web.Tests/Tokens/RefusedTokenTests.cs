using System.Net;
using System.Net.Http.Json;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Testing;
using ImageRepo.Web.Identity.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.Tokens;

/// <summary>What ends a token, and what it never could do.</summary>
public sealed class RefusedTokenTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private const string Tag = """mutation { tagImages(input: { ids: ["SW1hZ2U6MAAAAAAAAAAAAAAAAAAAAA=="], add: ["x"] }) { errors { __typename } } }""";

    [Fact]
    public async Task A_write_with_a_token_for_reading_is_refused_at_the_field()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person, "images:read");

        var answer = await client.GraphQLAsync(granted.Access, Tag);
        var error = answer.GetProperty("errors")[0];

        Assert.Null(await client.RefusalAsync(granted.Access));
        Assert.Equal("The current user is not authorized to access this resource.", error.GetProperty("message").GetString());
        Assert.Equal("AUTH_NOT_AUTHORIZED", error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal("tagImages", error.GetProperty("path")[0].GetString());
    }

    [Fact]
    public async Task A_read_with_a_token_for_writing_alone_is_refused_at_the_field()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person, "images:write");

        Assert.Equal("AUTH_NOT_AUTHORIZED", await client.RefusalAsync(granted.Access));
    }

    [Fact]
    public async Task A_token_without_scopes_of_images_sees_none()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person, "openid");

        Assert.Equal("AUTH_NOT_AUTHORIZED", await client.RefusalAsync(granted.Access));
    }

    [Fact]
    public async Task A_refresh_token_counts_once_and_its_second_use_ends_the_family()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var first = await client.SignInAsync(person);
        var second = Granted.Of(await client.RefreshAsync(first.Refresh!));
        Assert.NotEqual(first.Refresh, second.Refresh);
        Assert.Null(await client.RefusalAsync(second.Access));

        var replayed = await client.RefreshAsync(first.Refresh!);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (replayed.Status, replayed.Error));
        Assert.Equal("invalid_grant", (await client.RefreshAsync(second.Refresh!)).Error);
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(second.Access));
    }

    [Fact]
    public async Task Another_sign_in_is_another_family()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var stolen = await client.SignInAsync(person);
        var other = await client.SignInAsync(person);
        await client.RefreshAsync(stolen.Refresh!);

        await client.RefreshAsync(stolen.Refresh!);

        Assert.Null(await client.RefusalAsync(other.Access));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_token_that_was_tampered_with_is_nobodys(int part)
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var parts = (await client.SignInAsync(person)).Access.Split('.');
        parts[part] = (parts[part][0] == 'A' ? 'B' : 'A') + parts[part][1..];

        Assert.Equal(5, parts.Length);
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(string.Join('.', parts)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(string.Join('.', parts))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("....")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_token_is_nobodys(string token)
    {
        using var client = new TokenClient(App.Address);

        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(token));
    }

    [Theory]
    [InlineData("/connect/token", "grant_type=authorization_code&code=%00&client_id=imagerepo-cli&redirect_uri=x&code_verifier=x")]
    [InlineData("/connect/token", "grant_type=refresh_token&refresh_token=%00&client_id=imagerepo-cli")]
    [InlineData("/connect/token", "grant_type=refresh_token&refresh_token=x&client_id=%00")]
    [InlineData("/connect/token", "grant_type=password&username=user&password=userPass&client_id=imagerepo-cli")]
    [InlineData("/connect/token", "grant_type=client_credentials&client_id=imagerepo-cli")]
    [InlineData("/connect/token", "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=nope&client_id=imagerepo-cli")]
    [InlineData("/connect/token", "")]
    [InlineData("/connect/device", "client_id=%00")]
    [InlineData("/connect/device", "client_id=imagerepo-cli&scope=images%3Aeverything")]
    [InlineData("/connect/revoke", "token=%00&client_id=imagerepo-cli")]
    public async Task A_request_that_makes_no_sense_is_told_so(string path, string form)
    {
        using var http = new HttpClient { BaseAddress = App.Address };

        using var response = await http.PostAsync(path, new StringContent(form, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded"));
        var answer = await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();

        Assert.InRange((int)response.StatusCode, 400, 401);
        Assert.False(string.IsNullOrEmpty(answer.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task A_token_is_taken_from_the_header_alone_and_by_the_schema_alone()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = App.Address };

        var inAddress = await http.GetStringAsync($"/graphql?access_token={granted.Access}&query=%7Bme%7BuserName%7D%7D");
        http.DefaultRequestHeaders.Authorization = new("Bearer", granted.Access);
        using var page = await http.GetAsync("/images");
        using var account = await http.GetAsync("/developer");

        Assert.DoesNotContain(person.UserName, inAddress);
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, account.StatusCode);
    }

    [Fact]
    public async Task A_client_without_a_secret_learns_nothing_of_a_token()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person);

        var answer = await client.AskAsync("/connect/introspect", new() { ["token"] = granted.Access });

        Assert.Equal("unauthorized_client", answer.Error);
    }

    [Fact]
    public async Task An_identity_token_opens_nothing()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person);

        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Identity));
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Refresh));
    }

    [Fact]
    public async Task A_revoked_token_ends_at_once()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person);

        var answer = await client.AskAsync("/connect/revoke", new() { ["token"] = granted.Refresh! });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("invalid_grant", (await client.RefreshAsync(granted.Refresh!)).Error);
        await client.AskAsync("/connect/revoke", new() { ["token"] = granted.Access });
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Access));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_token()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person);
        var code = TokenClient.CodeIn(await TokenClient.ConsentAsync(person, client.AuthorizationUrl()));

        await ChangeStampAsync(person.UserName);

        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Access));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(granted.Access)).Status);
        Assert.Equal("invalid_grant", (await client.RefreshAsync(granted.Refresh!)).Error);
        Assert.Equal("invalid_grant", (await client.RedeemAsync(code)).Error);
        // The session is one of those, so that it lets nobody in any more.
        using var asked = await person.Http.GetAsync(client.AuthorizationUrl());
        Assert.Equal("/account/sign-in", asked.Headers.Location?.AbsolutePath);
    }

    [Fact]
    public async Task The_end_of_the_account_ends_every_token_and_leaves_no_row()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person);
        var id = await App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == person.UserName).Select(u => u.Id).SingleAsync());
        Assert.True(await RowsAsync(id) > 0);

        await App.WithServicesAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            return await users.DeleteAsync((await users.FindByNameAsync(person.UserName))!);
        });

        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(granted.Access));
        Assert.Equal("invalid_grant", (await client.RefreshAsync(granted.Refresh!)).Error);
        Assert.Equal(0, await RowsAsync(id));
    }

    private Task<int> RowsAsync(Guid account) => App.WithDatabaseAsync(db => db.Database
        .SqlQuery<int>($"select (select count(*) from client_token where subject = {account.ToString()}) + (select count(*) from client_authorization where subject = {account.ToString()}) as \"Value\"")
        .SingleAsync());

    private Task<IdentityResult> ChangeStampAsync(string userName) => App.WithServicesAsync(async services =>
    {
        var users = services.GetRequiredService<UserManager<User>>();
        return await users.UpdateSecurityStampAsync((await users.FindByNameAsync(userName))!);
    });
}
