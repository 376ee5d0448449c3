using System.Reflection;
using ImageRepo.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.Hardening;

/// <summary>Every form of the product that takes text, with text that no form would send.</summary>
public sealed class HostileFormTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    public static TheoryData<string> Texts =>
    [
        new string('x', 200_000), "a\0b", "\u0001\u007f\ufffe\uffff e\u0301\r\nSet-Cookie: a=b", "'; drop table account; -- <script>alert(1)</script> ../../etc/passwd", "-99999999999999999999",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task No_form_fails_by_what_is_typed_into_it(string text)
    {
        var failed = new List<string>();
        foreach (var (path, fields) in await FormsAsync())
        {
            using var person = await App.SignUpAsync();
            var token = await person.TokenAsync("/account/sign-out");
            var query = string.Join('&', fields.Select(f => $"{f}={Uri.EscapeDataString(text.Length > 500 ? text[..500] : text)}"));
            using var shown = await person.Http.GetAsync($"{path.Split('?')[0]}?{query}");
            using var typed = await SendAsync(person, path, token, fields.ToDictionary(f => f, _ => text));
            // With what makes a form go on to the rest; the last, since it may end the session or the account.
            using var trusted = await SendAsync(person, path, token, fields.ToDictionary(f => f, f => Trusted.GetValueOrDefault(f, text)));
            failed.AddRange(new[] { ("looked at", shown), ("typed", typed), ("with the right password", trusted) }
                .Where(r => (int)r.Item2.StatusCode >= 500 || LeavesTheSite(r.Item2) || SetsItsCookie(r.Item2)).Select(r => $"{path}, {r.Item1}: {(int)r.Item2.StatusCode} {r.Item2.Headers.Location}"));
            foreach (var response in new[] { shown, typed })
            {
                if ((await response.Content.ReadAsStringAsync()).Contains("<script>alert", StringComparison.Ordinal))
                {
                    failed.Add($"{path} repeats it as markup");
                }
            }
        }

        Assert.Empty(failed);
    }

    private static Task<HttpResponseMessage> SendAsync(ImageRepoClient person, string path, string token, Dictionary<string, string> fields)
    {
        fields["requestVerificationToken"] = token;
        return person.Http.PostAsync(path, new FormUrlEncodedContent(fields));
    }

    private static Dictionary<string, string> Trusted { get; } = new() { ["Password"] = ImageRepoClient.Password, ["password"] = ImageRepoClient.Password, ["IsSure"] = "true" };

    private static bool SetsItsCookie(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("a=", StringComparison.Ordinal));

    private bool LeavesTheSite(HttpResponseMessage response) =>
        response.Headers.Location is { } location && new Uri(App.Address, location).Authority != App.Address.Authority;

    /// <summary>The pages of accounts and developers: each handler of a POST, with the names of all that it reads.</summary>
    private async Task<List<(string Path, List<string> Fields)>> FormsAsync()
    {
        var loader = App.Services.GetRequiredService<PageLoader>();
        var forms = new List<(string, List<string>)>();
        foreach (var page in App.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>())
        {
            var route = page.AttributeRouteInfo!.Template!;
            if (!new[] { "account", "developer", "connect/verify" }.Any(r => route.StartsWith(r, StringComparison.Ordinal)))
            {
                continue;
            }
            var loaded = await loader.LoadAsync(page, EndpointMetadataCollection.Empty);
            var bound = loaded.ModelTypeInfo!.AsType().GetProperties()
                .Select(p => (p.Name, Bound: p.GetCustomAttribute<BindPropertyAttribute>())).Where(p => p.Bound is not null).Select(p => p.Bound!.Name ?? p.Name).ToList();
            forms.AddRange(loaded.HandlerMethods.Where(h => h.HttpMethod == "Post").Select(handler => (
                $"/{string.Join('/', route.Split('/').Select(part => part.StartsWith('{') ? "x" : part))}{(handler.Name is null ? "" : $"?handler={handler.Name}")}",
                bound.Concat(handler.Parameters.Where(p => p.ParameterType != typeof(CancellationToken)).Select(p => p.Name!)).ToList())));
        }
        Assert.True(forms.Count >= 25, $"Only {forms.Count} forms were found.");
        return forms;
    }
}
