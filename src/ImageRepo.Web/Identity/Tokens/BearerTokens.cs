using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenIddict.Server;
using OpenIddict.Validation;
using OpenIddict.Validation.AspNetCore;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>Who a request is from: at <c>/graphql</c> whoever its bearer token says, where it has one; else whoever the cookie says.</summary>
internal static class BearerTokens
{
    private const string Scheme = "ImageRepo.Caller";
    private const string Bearer = "Bearer ";

    public static void AddBearerTokens(this IServiceCollection services)
    {
        services.AddAuthentication().AddPolicyScheme(Scheme, null, scheme => scheme.ForwardDefaultSelector = Select);
        services.Configure<AuthenticationOptions>(options => options.DefaultAuthenticateScheme = Scheme);
        services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<BaseAddressOptions>>((server, address) => AcceptIssuers(server.TokenValidationParameters, address.Value));
        services.AddOptions<OpenIddictValidationOptions>().Configure<IOptions<BaseAddressOptions>>((validation, address) => AcceptIssuers(validation.TokenValidationParameters, address.Value));
    }

    // The pages take no tokens: what a token may do ends at the schema, and a page could change a password.
    private static string Select(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/graphql") && http.Request.Headers[HeaderNames.Authorization] is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme
            : IdentityConstants.ApplicationScheme;

    /// <summary>
    /// Without a PublicUrl the issuer is the address that each request came by, and one server has several (localhost, 127.0.0.1, its name).
    /// That a token is of this installation is told by the key that signed it.
    /// </summary>
    private static void AcceptIssuers(Microsoft.IdentityModel.Tokens.TokenValidationParameters parameters, BaseAddressOptions address)
    {
        if (address.Address is null)
        {
            parameters.IssuerValidator = (issuer, _, _) => issuer;
        }
    }
}
