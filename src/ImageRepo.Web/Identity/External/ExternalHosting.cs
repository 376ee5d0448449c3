using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Certificates;
using ImageRepo.Web.Hosting;
using ImageRepo.Web.Identity.Certificates;
using Microsoft.Extensions.Options;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;
using Polly;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.External;

/// <summary>Sign-in by other providers, through OpenIddict's client. Without any provider there is none of it.</summary>
internal static class ExternalHosting
{
    public const string CallbackPath = "/account/external/callback/";

    /// <summary>How long somebody may take at the provider.</summary>
    private static readonly TimeSpan StateLifetime = TimeSpan.FromMinutes(15);

    /// <summary>How long a provider may take to answer: somebody waits for the page.</summary>
    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(10);

    public static void AddExternalSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(ExternalOptions.Section);
        services.AddOptions<ExternalOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExternalOptions>, ExternalOptionsCheck>();
        services.AddSingleton<ExternalProviders>();
        services.AddScoped<ExternalSignIn>();

        var options = section.Get<ExternalOptions>() ?? new ExternalOptions();
        if (options.Problem() is null && new ExternalProviders(Options.Create(options)).All.Count > 0)
        {
            services.AddOpenIddict().AddClient(client => Configure(client, options));
            services.AddOptions<OpenIddictClientOptions>().Configure<IOptions<BaseAddressOptions>, TokenCertificates>(Configure);
            services.AddOptions<OpenIddictClientAspNetCoreOptions>().Configure<StrictCookies>((client, strict) =>
            {
                client.CookieBuilder.Name = "imagerepo.provider";
                // The provider leads back by a link: this browser's own navigation.
                client.CookieBuilder.SameSite = SameSiteMode.Lax;
                strict.Tighten(client.CookieBuilder);
            });
        }
    }

    private static void Configure(OpenIddictClientBuilder client, ExternalOptions options)
    {
        client.AllowAuthorizationCodeFlow();
        client.SetStateTokenLifetime(StateLifetime);
        // No form_post: it would need cookies that other sites' forms bring along.
        client.Configure(o =>
        {
            o.ResponseModes.Clear();
            o.ResponseModes.Add(ResponseModes.Query);
        });
        client.UseAspNetCore()
            .EnableRedirectionEndpointPassthrough()
            .EnableErrorPassthrough()
            .DisableAutomaticAuthenticationSchemeForwarding()
            // Whether TLS is needed on the way here is for the operator, whose proxy may end it.
            .DisableTransportSecurityRequirement();
        client.UseSystemNetHttp()
            .ConfigureHttpClient(http => http.Timeout = ProviderTimeout)
            .SetHttpResiliencePipeline(ResiliencePipeline<HttpResponseMessage>.Empty);
        AddProviders(client, options);
    }

    private static void AddProviders(OpenIddictClientBuilder client, ExternalOptions options)
    {
        var known = client.UseWebProviders();
        if (options.Google.IsConfigured)
        {
            known.AddGoogle(p => p.SetClientId(options.Google.ClientId!).SetClientSecret(options.Google.ClientSecret!)
                .SetRegistrationId("google").SetRedirectUri(Callback("google")).AddScopes(Scopes.OpenId, Scopes.Profile));
        }
        if (options.Microsoft.IsConfigured)
        {
            known.AddMicrosoft(p => p.SetClientId(options.Microsoft.ClientId!).SetClientSecret(options.Microsoft.ClientSecret!).SetTenant(options.Microsoft.Tenant)
                .SetRegistrationId("microsoft").SetRedirectUri(Callback("microsoft")).AddScopes(Scopes.OpenId, Scopes.Profile));
        }
        if (options.GitHub.IsConfigured)
        {
            known.AddGitHub(p => p.SetClientId(options.GitHub.ClientId!).SetClientSecret(options.GitHub.ClientSecret!)
                .SetRegistrationId("github").SetRedirectUri(Callback("github")));
        }
        if (options.Facebook.IsConfigured)
        {
            known.AddFacebook(p => p.SetClientId(options.Facebook.ClientId!).SetClientSecret(options.Facebook.ClientSecret!)
                .SetRegistrationId("facebook").SetRedirectUri(Callback("facebook")));
        }
        if (options.OpenIdConnect.IsConfigured)
        {
            client.AddRegistration(new OpenIddictClientRegistration
            {
                RegistrationId = "oidc",
                ProviderName = "oidc",
                ProviderDisplayName = options.OpenIdConnect.Name,
                Issuer = new Uri(options.OpenIdConnect.Issuer!, UriKind.Absolute),
                ClientId = options.OpenIdConnect.ClientId,
                ClientSecret = options.OpenIdConnect.ClientSecret,
                RedirectUri = new Uri(Callback("oidc"), UriKind.Relative),
                // No e-mail address: none is used, since none says whose an account here is.
                Scopes = { Scopes.OpenId, Scopes.Profile },
            });
        }
    }

    /// <summary>Relative, so that it lies below PublicUrl.</summary>
    private static string Callback(string id) => CallbackPath.TrimStart('/') + id;

    /// <summary>State is signed and encrypted by the certificates of the server's tokens; each kind of token names itself, so that none passes for another.</summary>
    private static void Configure(OpenIddictClientOptions client, IOptions<BaseAddressOptions> address, TokenCertificates certificates)
    {
        client.ClientUri = address.Value.Address;
        client.SigningCredentials.AddRange(certificates.Signing());
        client.EncryptionCredentials.AddRange(certificates.Encrypting());
    }

    private sealed class ExternalOptionsCheck : IValidateOptions<ExternalOptions>
    {
        public ValidateOptionsResult Validate(string? name, ExternalOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
