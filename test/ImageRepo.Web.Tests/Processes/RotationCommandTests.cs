using System.Net;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Tokens;
using static ImageRepo.Web.Tests.Processes.Commands;

namespace ImageRepo.Web.Tests.Processes;

/// <summary>The rotations by the program's own commands; what they do is shown at every check by MasterKeyRotationTests and CertificateTests.</summary>
[Trait("Category", "Full")]
public sealed class RotationCommandTests
{
    [Fact]
    public async Task The_master_key_is_changed_while_the_app_runs_and_the_old_one_opens_nothing_that_is_needed_afterwards()
    {
        await using var app = await BuiltApp.StartAsync();
        using var ana = await app.SignUpAsync("ana");
        var photo = Photos.Variant(Photos.Eagle);
        var id = await ana.UploadAsync(photo, "eagle.jpg");
        var link = await OriginalAsync(ana, id);

        await RequireAsync(app, "rotate-key", "Sealed anew: 3 objects.");
        Assert.Equal(photo, await ana.Http.GetByteArrayAsync(link));
        Assert.Equal(photo, await ana.Http.GetByteArrayAsync(await OriginalAsync(ana, await ana.UploadAsync(photo, "again.jpg"))));
        await RequireAsync(app, "rotate-key --reseal-only", "Sealed anew: 0 objects.");

        Assert.Equal(0, await app.StopAsync());
        await app.UntilTheFolderIsFreeAsync();
        Directory.Delete(Path.Combine(app.DataDirectory, "keys", "retired"), recursive: true);
        await app.StartAgainAsync();
        using var later = app.Visit();
        Assert.True(await SignsInAsync(later, "ana", ImageRepoClient.Password));
        Assert.Equal(photo, await later.Http.GetByteArrayAsync(await OriginalAsync(later, id)));
        Assert.Empty(app.Errors());
    }

    [Fact]
    public async Task Certificates_and_session_keys_are_rotated_while_the_app_runs_and_a_revoking_rotation_ends_all()
    {
        await using var app = await BuiltApp.StartAsync();
        using var ana = await app.SignUpAsync("ana");
        using var client = new TokenClient(ana.Http.BaseAddress!);
        var granted = await client.SignInAsync(ana);
        var keys = await KeysAsync(ana);

        var rotated = await RequireAsync(app, "rotate-certificates", "New certificates make the tokens from");
        Assert.Contains("Audit: CertificatesRotated", rotated.Errors);
        Assert.Null(await client.RefusalAsync(granted.Access));
        await ana.GetPageAsync("/images");
        Assert.Equal(0, await app.StopAsync());
        await app.UntilTheFolderIsFreeAsync();
        await app.StartAgainAsync();
        using var later = new TokenClient(app.Visit().Http.BaseAddress!);
        Assert.Null(await later.RefusalAsync(granted.Access));
        using var published = app.Visit();
        Assert.Equal(keys + 1, await KeysAsync(published));
        using var kept = Moved(ana, published.Http.BaseAddress!);
        using (var page = await kept.GetAsync("/images"))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        await RequireAsync(app, "rotate-certificates --revoke", "are void");
        Assert.Equal(0, await app.StopAsync());
        await app.UntilTheFolderIsFreeAsync();
        await app.StartAgainAsync();
        using var visitor = app.Visit();
        using var after = new TokenClient(visitor.Http.BaseAddress!);
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await after.RefusalAsync(granted.Access));
        Assert.Equal("invalid_grant", (await after.RefreshAsync(granted.Refresh!)).Error);
        using var ended = Moved(ana, visitor.Http.BaseAddress!);
        using (var page = await ended.GetAsync("/images"))
        {
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        }
        Assert.True(await SignsInAsync(visitor, "ana", ImageRepoClient.Password));
        Assert.Empty(app.Errors());
    }

    /// <summary>The person's cookies, taken to another address of the same app.</summary>
    private static HttpClient Moved(ImageRepoClient person, Uri address)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
        http.DefaultRequestHeaders.Add("Cookie", person.Cookies.GetCookieHeader(person.Http.BaseAddress!));
        return http;
    }

    private static async Task<int> KeysAsync(ImageRepoClient visitor) =>
        System.Text.Json.JsonDocument.Parse(await visitor.GetPageAsync("/.well-known/jwks")).RootElement.GetProperty("keys").GetArrayLength();

    private static async Task<string> OriginalAsync(ImageRepoClient person, string id) =>
        new Uri((await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } } }", new { id })).GetProperty("image").GetProperty("original").GetProperty("url").GetString()!).AbsolutePath;
}
