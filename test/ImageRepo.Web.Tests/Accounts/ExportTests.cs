using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.Accounts;

public abstract class ExportTests<TApp>(TApp app) : AppTests<TApp>(app)
    where TApp : ImageRepoApp
{
    [Fact]
    public async Task The_archive_holds_every_original_unchanged_and_all_that_is_known_of_it()
    {
        using var person = await App.SignUpAsync();
        var (giraffe, eagle) = (Photos.Variant(Photos.Giraffe), Photos.Variant(Photos.Eagle));
        var id = await person.UploadAsync(giraffe, "giraffe: a portrait?.jpg");
        var trashed = await person.UploadAsync(eagle, "eagle.jpg");
        await person.WaitForAnalysisAsync(id);
        await person.GraphQLAsync("mutation($id: ID!) { tagImages(input: { ids: [$id], add: [\"by my own word\"] }) { images { id } } }", new { id });
        await person.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id] }) { deletedIds } }", new { id = trashed });
        using var stranger = await App.SignUpAsync();
        await stranger.UploadAsync(Photos.Variant(Photos.Eagle), "of a stranger.jpg");

        using var response = await person.PostFormAsync("/account/export", []);

        Assert.Equal((HttpStatusCode.OK, "application/zip"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith($"imagerepo-{person.UserName}-", response.Content.Headers.ContentDisposition?.FileName);
        using var zip = new ZipArchive(new MemoryStream(await response.Content.ReadAsByteArrayAsync()));
        var images = Json(zip, "images.json").EnumerateArray().ToDictionary(i => i.GetProperty("fileName").GetString()!);
        Assert.Equal(2, images.Count);
        AssertSame(giraffe, zip, images["giraffe: a portrait?.jpg"]);
        AssertSame(eagle, zip, images["eagle.jpg"]);
        Assert.Contains(images["giraffe: a portrait?.jpg"].GetProperty("tags").EnumerateArray(), t => t.GetProperty("name").GetString() == "by my own word");
        Assert.NotEmpty(images["giraffe: a portrait?.jpg"].GetProperty("colors").EnumerateArray());
        Assert.Equal(JsonValueKind.String, images["eagle.jpg"].GetProperty("deletedAt").ValueKind);
        Assert.Equal(person.UserName, Json(zip, "account.json").GetProperty("userName").GetString());
        Assert.Equal(4, zip.Entries.Count);
        Assert.All(zip.Entries, e => Assert.DoesNotMatch("[<>:\"|?*\\\\]", e.FullName));
    }

    [Fact]
    public async Task The_archive_tells_of_applications_access_tokens_sessions_and_ways_in_and_holds_no_secret()
    {
        const string Callback = "https://app.example.org/callback";
        using var person = await App.SignUpAsync();
        using var stranger = await App.SignUpAsync();
        var (clientId, secret) = await DeveloperForms.RegisterAsync(person, "Server", Callback);
        await DeveloperForms.RegisterAsync(stranger, "Server", Callback);
        var script = await DeveloperForms.SendAsync(person, "/developer/tokens?handler=Script", ("Name", "Backup"), ("Scopes", "images:read"));
        var personal = await DeveloperForms.MakeTokenAsync(person, "30", "images:read", "images:write");
        using var client = new TokenClient(App.Address, clientId, secret);
        var granted = Granted.Of(await client.RedeemAsync(TokenClient.CodeIn(await TokenClient.ConsentAsync(person, client.AuthorizationUrl(redirect: Callback))), redirect: Callback));
        await App.WithServicesAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            var user = (await users.FindByNameAsync(person.UserName))!;
            await users.AddLoginAsync(user, new UserLoginInfo("https://provider.example", "key-at-the-provider", "Provider"));
            return await users.AddOrUpdatePasskeyAsync(user, new UserPasskeyInfo([1, 2, 3], [4], DateTimeOffset.UtcNow, 0, null, true, false, false, [5], [6]) { Name = "My phone" });
        });

        using var response = await person.PostFormAsync("/account/export", []);

        using var zip = new ZipArchive(new MemoryStream(await response.Content.ReadAsByteArrayAsync()));
        var account = Json(zip, "account.json");
        var applications = account.GetProperty("applications").EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!);
        Assert.Equal(["Backup", "The app"], applications.Keys.Order());
        Assert.Equal(clientId, applications["The app"].GetProperty("clientId").GetString());
        Assert.Equal([Callback], Texts(applications["The app"], "redirectAddresses"));
        Assert.Equal(["images:read"], Texts(applications["Backup"], "scopes"));
        var access = Assert.Single(account.GetProperty("access").EnumerateArray());
        Assert.Equal("The app", access.GetProperty("application").GetString());
        Assert.Contains(Texts(access, "allows"), words => words!.StartsWith("See all your images", StringComparison.Ordinal));
        var token = Assert.Single(account.GetProperty("personalTokens").EnumerateArray());
        Assert.Equal("A script", token.GetProperty("name").GetString());
        Assert.Equal(["images:read", "images:write"], Texts(token, "scopes").Order());
        Assert.InRange(token.GetProperty("expiresAt").GetDateTimeOffset() - token.GetProperty("createdAt").GetDateTimeOffset(), TimeSpan.FromDays(29.9), TimeSpan.FromDays(30.1));
        Assert.Equal("My phone", Assert.Single(account.GetProperty("passkeys").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("Provider", Assert.Single(account.GetProperty("providers").EnumerateArray()).GetProperty("name").GetString());
        Assert.Single(account.GetProperty("sessions").EnumerateArray());
        string[] secrets = [ImageRepoClient.Password, secret!, DeveloperForms.Secret(script)!, personal, granted.Access, granted.Refresh!, "key-at-the-provider", "passwordHash", "stamp"];
        Assert.All(secrets, s => Assert.DoesNotContain(s, account.GetRawText(), StringComparison.OrdinalIgnoreCase));
        var page = await person.GetPageAsync("/account/export");
        Assert.All(new[] { "passkeys", "applications and tokens", "what has access" }, words => Assert.Contains(words, page));
    }

    private static List<string?> Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(t => t.GetString())];

    [Fact]
    public async Task A_library_of_many_pages_is_exported_whole()
    {
        using var person = await App.SignUpAsync();
        const int Count = 120;
        var photo = await SmallPhotoAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async lane =>
        {
            for (var i = lane; i < Count; i += 4)
            {
                await person.UploadAsync([.. photo, .. BitConverter.GetBytes(i)], $"{i}.png");
            }
        }));

        using var response = await person.PostFormAsync("/account/export", []);

        using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync());
        var names = Json(zip, "images.json").EnumerateArray().Select(i => i.GetProperty("fileName").GetString()).Order().ToList();
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}.png").Order(), names);
        Assert.Equal(Count + 2, zip.Entries.Count);
    }

    /// <summary>A red pixel; what follows the end of a PNG is ignored, so it can be told apart.</summary>
    private static Task<byte[]> SmallPhotoAsync() => Task.FromResult(Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="));

    private static void AssertSame(byte[] original, ZipArchive zip, JsonElement image)
    {
        using var content = zip.GetEntry(image.GetProperty("file").GetString()!)!.Open();
        Assert.Equal(SHA256.HashData(original), SHA256.HashData(content));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(original)), image.GetProperty("contentHash").GetString());
    }

    private static JsonElement Json(ZipArchive zip, string name)
    {
        using var content = zip.GetEntry(name)!.Open();
        return JsonDocument.Parse(content).RootElement;
    }
}

public sealed class ExportFromFilesTests(ImageRepoApp app) : ExportTests<ImageRepoApp>(app);

public sealed class ExportFromS3Tests(S3App app) : ExportTests<S3App>(app);
