using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageRepo.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageRepo.Web.Tests.Tokens;

/// <summary>An application that asks the server for tokens, with a person's browser where one is needed.</summary>
internal sealed partial class TokenClient(Uri address, string clientId = TokenClient.CommandLine, string? secret = null) : IDisposable
{
    public const string CommandLine = "imagerepo-cli";
    public const string Callback = "http://127.0.0.1:49152/callback";
    public const string AllScopes = "openid profile offline_access images:read images:write";

    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    /// <summary>The address of an authorization request, with a verifier of this client.</summary>
    public string AuthorizationUrl(string scope = AllScopes, string redirect = Callback, string? verifier = null, params (string Name, string Value)[] more)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = clientId,
            ["response_type"] = "code",
            ["redirect_uri"] = redirect,
            ["scope"] = scope,
            ["state"] = "the state",
            ["nonce"] = "the nonce",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier ?? Verifier))),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }
        return QueryHelpers.AddQueryString("/connect/authorize", parameters);
    }

    public string Verifier { get; } = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    /// <summary>Asks with the person's browser, answers the question, and gives where the browser is sent.</summary>
    public static async Task<Uri> ConsentAsync(ImageRepoClient person, string url, string answer = "allow")
    {
        var page = await person.GetPageAsync(url);
        var form = HiddenField().Matches(page).ToDictionary(m => WebUtility.HtmlDecode(m.Groups[1].Value), m => WebUtility.HtmlDecode(m.Groups[2].Value));
        form["requestVerificationToken"] = TokenField().Match(page).Groups[1].Value;
        form["answer"] = answer;
        using var response = await person.Http.PostAsync("/connect/authorize", new FormUrlEncodedContent(form));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!;
    }

    public static string CodeIn(Uri callback) => QueryHelpers.ParseQuery(callback.Query).TryGetValue("code", out var code)
        ? code.ToString()
        : throw new InvalidOperationException($"{callback} has no code.");

    /// <summary>The whole way of code and PKCE.</summary>
    public async Task<Granted> SignInAsync(ImageRepoClient person, string scope = AllScopes)
    {
        var callback = await ConsentAsync(person, AuthorizationUrl(scope));
        return Granted.Of(await RedeemAsync(CodeIn(callback)));
    }

    public Task<Answer> RedeemAsync(string code, string? verifier = null, string redirect = Callback) => AskAsync("/connect/token", new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code,
        ["redirect_uri"] = redirect,
        ["code_verifier"] = verifier ?? Verifier,
    });

    public Task<Answer> RefreshAsync(string refreshToken) => AskAsync("/connect/token", new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken });

    public Task<Answer> AskAsync(string path, Dictionary<string, string> fields)
    {
        var form = new Dictionary<string, string>(fields) { ["client_id"] = clientId };
        if (secret is not null)
        {
            form["client_secret"] = secret;
        }
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) });
    }

    public Task<Answer> UserInfoAsync(string accessToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return SendAsync(request);
    }

    /// <summary>Executes a document as the bearer of the token.</summary>
    public async Task<JsonElement> GraphQLAsync(string? accessToken, string document, object? variables = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = document, variables }) };
        if (accessToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        }
        var answer = await SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }

    /// <summary>Whether the token lets its bearer read images, and how it is refused where it doesn't.</summary>
    public async Task<string?> RefusalAsync(string? accessToken)
    {
        var answer = await GraphQLAsync(accessToken, "{ images(first: 1) { totalCount } }");
        return answer.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString() : null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new Answer(response.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
        }
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();

    [GeneratedRegex("name=\"requestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}

internal sealed record Answer(HttpStatusCode Status, JsonElement Json)
{
    public string? Error => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("error", out var error) ? error.GetString() : null;
}

internal sealed record Granted(string Access, string? Refresh, string? Identity)
{
    public static Granted Of(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status} {answer.Json}");
        return new Granted(answer.Json.GetProperty("access_token").GetString()!, Text("refresh_token"), Text("id_token"));

        string? Text(string name) => answer.Json.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
