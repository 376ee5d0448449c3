using System.Net;
using System.Text.RegularExpressions;
using ImageRepo.Testing;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Tests.External;

/// <summary>The product, and a second instance of it with a database of its own at which the first lets people sign in, by plain OpenID Connect.</summary>
public sealed partial class FederatedApp : ImageRepoApp, IAsyncLifetime
{
    private const string ClientId = "the-first";
    private const string ClientSecret = "known to both of them only";

    public const string ProviderName = "Elsewhere";

    public ImageRepoApp Provider { get; } = new();

    /// <summary>The product under this machine's name, where the provider has its number.</summary>
    public Uri NamedAddress => new UriBuilder(Address) { Host = "localhost" }.Uri;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await ((IAsyncLifetime)Provider).InitializeAsync();
        await InitializeAsync();
        await Provider.WithServicesAsync(async services =>
        {
            var descriptor = new OpenIddictApplicationDescriptor
            {
                ClientId = ClientId,
                ClientSecret = ClientSecret,
                ClientType = ClientTypes.Confidential,
                ConsentType = ConsentTypes.Explicit,
                DisplayName = "The first instance",
                RedirectUris = { new Uri(Address, "/account/external/callback/oidc"), new Uri(NamedAddress, "/account/external/callback/oidc") },
                Permissions =
                {
                    Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.GrantTypes.AuthorizationCode, Permissions.ResponseTypes.Code,
                    Permissions.Scopes.Profile,
                },
                Requirements = { Requirements.Features.ProofKeyForCodeExchange },
            };
            await services.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(descriptor);
            return descriptor;
        });
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        settings["Identity:External:OpenIdConnect:Issuer"] = Provider.Address.ToString();
        settings["Identity:External:OpenIdConnect:ClientId"] = ClientId;
        settings["Identity:External:OpenIdConnect:ClientSecret"] = ClientSecret;
        settings["Identity:External:OpenIdConnect:Name"] = ProviderName;
    }

    /// <summary>Presses the button; gives where the browser is led to.</summary>
    public static async Task<Uri> StartAsync(ImageRepoClient browser, bool isLink = false, string? returnUrl = null, string provider = "oidc")
    {
        var form = new Dictionary<string, string> { ["provider"] = provider, ["isLink"] = isLink ? "true" : "false", ["returnUrl"] = returnUrl ?? "", ["password"] = isLink ? ImageRepoClient.Password : "" };
        using var response = await browser.PostFormAsync("/account/external/start", form, isLink ? "/account/external" : "/account/sign-in");
        var page = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, page);
        return new Uri(WebUtility.HtmlDecode(Refresh().Match(page).Groups[1].Value));
    }

    /// <summary>Says yes or no at the provider; gives where it leads back to.</summary>
    public static async Task<Uri> AnswerAsync(ImageRepoClient atProvider, Uri request, string answer = "allow")
    {
        using var asked = await atProvider.Http.GetAsync(request);
        if (asked.StatusCode == HttpStatusCode.Redirect)
        {
            return asked.Headers.Location!; // The answer is remembered.
        }
        var page = await asked.Content.ReadAsStringAsync();
        Assert.True(asked.StatusCode == HttpStatusCode.OK, page);
        var main = page[page.IndexOf("<main", StringComparison.Ordinal)..];
        var fields = Hidden().Matches(main).Select(m => KeyValuePair.Create(Attribute(m.Value, "name"), Attribute(m.Value, "value")));
        using var answered = await atProvider.Http.PostAsync("/connect/authorize", new FormUrlEncodedContent(fields.Append(KeyValuePair.Create("answer", answer))));
        Assert.True(answered.StatusCode == HttpStatusCode.Redirect, await answered.Content.ReadAsStringAsync());
        return answered.Headers.Location!;
    }

    /// <summary>The whole way there and back; gives where the product leads on to.</summary>
    public static async Task<HttpResponseMessage> GoThereAndBackAsync(ImageRepoClient browser, ImageRepoClient atProvider, bool isLink = false, string? returnUrl = null) =>
        await browser.Http.GetAsync(await AnswerAsync(atProvider, await StartAsync(browser, isLink, returnUrl)));

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await ((IAsyncLifetime)Provider).DisposeAsync();
        Log.RequireNoUnexpectedErrors();
    }

    [GeneratedRegex("""http-equiv="refresh" content="0;url=([^"]+)""")]
    private static partial Regex Refresh();

    private static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $" {name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("""<input[^>]*type="hidden"[^>]*>""")]
    private static partial Regex Hidden();
}
