using System.Net;
using System.Text.RegularExpressions;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Tokens;

/// <summary>What a person does on the developer's pages.</summary>
internal static partial class DeveloperForms
{
    /// <summary>Sends the form and gives the page that answers.</summary>
    public static async Task<string> SendAsync(ImageRepoClient person, string path, params (string Name, string Value)[] fields)
    {
        var form = fields.Append(("requestVerificationToken", await person.TokenAsync(path.Split('?')[0]))).Select(f => KeyValuePair.Create(f.Item1, f.Item2));
        using var response = await person.Http.PostAsync(path, new FormUrlEncodedContent(form));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    public static async Task<(string ClientId, string? Secret)> RegisterAsync(ImageRepoClient person, string kind, string redirects)
    {
        var page = await SendAsync(person, "/developer/applications", ("Name", "The app"), ("Kind", kind), ("RedirectAddresses", redirects));
        return (ClientId().Match(page).Groups[1].Value, Secret(page));
    }

    public static async Task<string> MakeTokenAsync(ImageRepoClient person, string days = "30", params string[] scopes)
    {
        var page = await SendAsync(person, "/developer/tokens?handler=Token", [("Name", "A script"), ("Days", days), .. scopes.Select(s => ("Scopes", s))]);
        return Secret(page) ?? throw new InvalidOperationException($"No token was made: {page}");
    }

    public static string? Secret(string page) => ShownOnce().Match(page) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The ids of what a page lists.</summary>
    public static IReadOnlyList<string> Listed(string page) => [.. Listing().Matches(page).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("<dt>Client id</dt><dd><code>([^<]+)</code>")]
    private static partial Regex ClientId();

    [GeneratedRegex("<code id=\"secret\">([^<]+)</code>")]
    private static partial Regex ShownOnce();

    [GeneratedRegex("<input type=\"hidden\" name=\"id\" value=\"([^\"]+)\"")]
    private static partial Regex Listing();
}
