using ImageRepo.Infrastructure.Certificates;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Client;
using OpenIddict.Server;
using OpenIddict.Validation;

namespace ImageRepo.Web.Identity.Certificates;

/// <summary>Gives the certificates of the database to OpenIddict, also those that come while the server runs.</summary>
internal static class CertificateHosting
{
    public static void AddCertificates(this IServiceCollection services)
    {
        services.AddSingleton<CertificateChanges>();
        services.AddHostedService<CertificateWatch>();
        services.AddOptions<OpenIddictServerOptions>().Configure<TokenCertificates>(Use);
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(s => new ChangeSource<OpenIddictServerOptions>(s.GetRequiredService<CertificateChanges>().OfServer));
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictClientOptions>>(s => new ChangeSource<OpenIddictClientOptions>(s.GetRequiredService<CertificateChanges>().OfClient));
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictValidationOptions>>(s => new ChangeSource<OpenIddictValidationOptions>(s.GetRequiredService<CertificateChanges>().OfValidation));
    }

    // OpenIddict itself takes the youngest that is active already for new tokens.
    private static void Use(OpenIddictServerOptions server, TokenCertificates certificates)
    {
        server.SigningCredentials.AddRange(certificates.Signing());
        server.EncryptionCredentials.AddRange(certificates.Encrypting());
    }

    public static IEnumerable<SigningCredentials> Signing(this TokenCertificates certificates) =>
        certificates.For(CertificateUse.Signing).Select(c => new SigningCredentials(new X509SecurityKey(c), SecurityAlgorithms.RsaSha256));

    public static IEnumerable<EncryptingCredentials> Encrypting(this TokenCertificates certificates) =>
        certificates.For(CertificateUse.Encryption).Select(c => new EncryptingCredentials(new X509SecurityKey(c), SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes256CbcHmacSha512));

    private sealed class ChangeSource<TOptions>(Func<IChangeToken> token) : IOptionsChangeTokenSource<TOptions>
    {
        public string Name => Options.DefaultName;

        public IChangeToken GetChangeToken() => token();
    }
}
