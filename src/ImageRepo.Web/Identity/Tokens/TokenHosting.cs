using ImageRepo.GraphQL.Execution;
using ImageRepo.Infrastructure.Clients;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Identity.Applications;
using ImageRepo.Web.Identity.Certificates;
using ImageRepo.Web.Identity.Consents;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>OpenID Connect for everyone who is not a page of the product. See docs/decisions/0009-tokens-by-openiddict.md.</summary>
internal static class TokenHosting
{
    public static void AddTokens(this IServiceCollection services)
    {
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<ImageRepoDbContext>()
                .ReplaceDefaultEntities<ClientApplication, ClientAuthorization, ClientScope, ClientToken, Guid>())
            .AddServer(ConfigureServer)
            .AddValidation(ConfigureValidation);
        services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<BaseAddressOptions>>((server, address) => server.Issuer = address.Value.Address);
        services.AddCertificates();
        services.AddBearerTokens();
        services.AddSessionStart();

        services.AddScoped<SecurityStamps>();
        services.AddScoped<TokenPrincipals>();
        services.AddScoped<Consent>();
        services.AddScoped<OwnScripts>();
        services.AddScoped<GivenAccess>();
        services.AddScoped<PersonalTokens.PersonalTokens>();
        services.AddScoped<RegisteredApplications>();
        services.AddHostedService<CommandLineClient>();
        services.AddHostedService<TokenPruning>();
    }

    /// <summary>What has no page: the pages of <c>/connect/</c> map themselves.</summary>
    public static void MapTokens(this WebApplication app)
    {
        app.MapPost(Endpoints.Token, TokenEndpoint.HandleAsync);
        app.MapMethods(Endpoints.UserInfo, [HttpMethods.Get, HttpMethods.Post], UserInfoEndpoint.HandleAsync);
    }

    private static void ConfigureServer(OpenIddictServerBuilder server)
    {
        server.SetAuthorizationEndpointUris(Endpoints.Authorization)
            .SetTokenEndpointUris(Endpoints.Token)
            .SetDeviceAuthorizationEndpointUris(Endpoints.Device)
            .SetEndUserVerificationEndpointUris(Endpoints.Verification)
            .SetRevocationEndpointUris(Endpoints.Revocation)
            .SetIntrospectionEndpointUris(Endpoints.Introspection)
            .SetUserInfoEndpointUris(Endpoints.UserInfo)
            .SetEndSessionEndpointUris(Endpoints.EndSession);
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange()
            .AllowRefreshTokenFlow()
            .AllowClientCredentialsFlow()
            .AllowDeviceAuthorizationFlow();
        server.SetAccessTokenLifetime(TokenLifetimes.Access)
            .SetAuthorizationCodeLifetime(TokenLifetimes.AuthorizationCode)
            .SetRefreshTokenLifetime(TokenLifetimes.Refresh)
            .SetDeviceCodeLifetime(TokenLifetimes.DeviceCode)
            .SetUserCodeLifetime(TokenLifetimes.DeviceCode)
            // A refresh token that comes twice was stolen or its answer was lost; nobody can tell, so its family ends.
            .SetRefreshTokenReuseLeeway(TimeSpan.Zero);
        server.RegisterScopes([.. ScopeWords.Names.Except([Scopes.OpenId])]);
        server.RegisterClaims(Claims.Name, Claims.PreferredUsername, Claims.Email, Claims.EmailVerified, Claims.AuthenticationTime);
        server.Configure(options =>
        {
            options.CodeChallengeMethods.Clear();
            options.CodeChallengeMethods.Add(CodeChallengeMethods.Sha256);
        });
        server.AddEventHandler(StampCheck.OfServer);
        foreach (var handler in TokenAudit.Handlers)
        {
            server.AddEventHandler(handler);
        }
        server.UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            .EnableUserInfoEndpointPassthrough()
            .EnableEndUserVerificationEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough()
            .EnableStatusCodePagesIntegration()
            // Whether TLS is needed on the way here is for the operator, whose proxy may end it.
            .DisableTransportSecurityRequirement();
    }

    private static void ConfigureValidation(OpenIddictValidationBuilder validation)
    {
        validation.UseLocalServer();
        // So that what is revoked ends at once.
        validation.EnableTokenEntryValidation();
        validation.EnableAuthorizationEntryValidation();
        validation.AddEventHandler(StampCheck.OfValidation);
        // Addresses are logged and bookmarked, and forms are sent by other sites: neither may carry a token.
        validation.UseAspNetCore().DisableAccessTokenExtractionFromBodyForm().DisableAccessTokenExtractionFromQueryString();
    }
}

/// <summary>Where programs and browsers find the server's parts.</summary>
internal static class Endpoints
{
    public const string Authorization = "/connect/authorize";
    public const string Continuation = "/connect/continue";
    public const string Device = "/connect/device";
    public const string EndSession = "/connect/end-session";
    public const string Introspection = "/connect/introspect";
    public const string Revocation = "/connect/revoke";
    public const string Token = "/connect/token";
    public const string UserInfo = "/connect/userinfo";
    public const string Verification = "/connect/verify";

    /// <summary>Those that programs ask, which want the bare status of an error and no page.</summary>
    public static IReadOnlyList<string> ForPrograms { get; } = [Device, Introspection, Revocation, Token, UserInfo, "/.well-known"];
}
