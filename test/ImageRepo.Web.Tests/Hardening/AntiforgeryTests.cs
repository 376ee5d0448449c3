using System.Net;
using ImageRepo.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.Hardening;

public sealed class AntiforgeryTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    // What takes a POST without a form's token, and why that is safe.
    private static readonly string[] WithoutToken =
    [
        "error/{status:int}", // Shows what went wrong and changes nothing.
        "connect/authorize", "connect/end-session", // Applications may send their request as a form; it asks a person, whose answer needs the token.
        "/connect/token", "/connect/userinfo", // Heed no cookie.
        "/graphql/", // Takes no content type that a form can send, or else a header that a form can't.
    ];

    [Fact]
    public async Task Every_page_that_takes_a_form_refuses_one_without_its_token()
    {
        using var person = await App.SignUpAsync();
        var forms = await FormsAsync();
        var taken = new List<string>();
        foreach (var form in forms)
        {
            // With the session's and the antiforgery cookie, as a browser would send them along for another site.
            await person.TokenAsync("/account/sign-out");
            using var response = await person.Http.PostAsync(form, new FormUrlEncodedContent(new Dictionary<string, string> { ["UserName"] = "x", ["id"] = "x" }));
            if (response.StatusCode != HttpStatusCode.BadRequest)
            {
                taken.Add($"{form} answers {(int)response.StatusCode}");
            }
        }

        Assert.True(forms.Count >= 8, $"Only {forms.Count} forms were found.");
        Assert.Empty(taken);
        Assert.Contains("Your library is empty", await person.GetPageAsync("/images"));
    }

    [Fact]
    public void Whatever_else_takes_a_POST_is_known()
    {
        var others = App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is null)
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods: var methods } && methods.Contains("POST"))
            .Select(e => e.RoutePattern.RawText!)
            .Distinct();

        Assert.Empty(others.Except(WithoutToken));
    }

    [Theory]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/end-session")]
    public async Task An_answer_to_an_application_needs_its_token(string path)
    {
        using var person = await App.SignUpAsync();
        await person.TokenAsync("/account/sign-out");

        using var response = await person.Http.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["answer"] = "allow",
            ["client_id"] = "imagerepo-cli",
            ["redirect_uri"] = "http://127.0.0.1:1234/callback",
            ["response_type"] = "code",
            ["scope"] = "images:read",
            ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            ["code_challenge_method"] = "S256",
        }));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await person.GetPageAsync("/images");
    }

    /// <summary>The address of each page's handler of a POST; what the route wants is filled in with words.</summary>
    private async Task<List<string>> FormsAsync()
    {
        var loader = App.Services.GetRequiredService<PageLoader>();
        var forms = new List<string>();
        foreach (var page in App.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>())
        {
            var route = page.AttributeRouteInfo!.Template!;
            if (WithoutToken.Contains(route))
            {
                continue;
            }
            var loaded = await loader.LoadAsync(page, EndpointMetadataCollection.Empty);
            forms.AddRange(loaded.HandlerMethods.Where(h => h.HttpMethod == "Post").Select(h => $"/{Filled(route)}{(h.Name is null ? "" : $"?handler={h.Name}")}"));
        }
        return forms;
    }

    private static string Filled(string route) => string.Join('/', route.Split('/').Select(part => part.StartsWith('{') ? "SW1hZ2U6AAAAAAAAAAAAAAAAAAAAAA" : part));
}
