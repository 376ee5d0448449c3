using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ImageRepo.Infrastructure.Encryption;

namespace ImageRepo.Infrastructure.Certificates;

/// <summary>A certificate with its key, which signs or encrypts tokens.</summary>
/// <param name="Use">What it is for.</param>
public sealed record TokenCertificate(Guid Id, CertificateUse Use, X509Certificate2 Certificate)
{
    internal const string Purpose = "token-certificate";
    private const int KeyBits = 2048;

    internal static TokenCertificateRow Create(CertificateUse use, DateTimeOffset activeFrom, DateTimeOffset expiresAt, MasterKeyRing keys)
    {
        var id = Guid.CreateVersion7();
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest($"CN=ImageRepo {use}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var usage = use == CertificateUse.Signing ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.KeyEncipherment;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        using var certificate = request.CreateSelfSigned(activeFrom, expiresAt);
        return new TokenCertificateRow
        {
            Id = id,
            Use = use,
            ActiveFrom = activeFrom,
            ExpiresAt = expiresAt,
            Sealed = keys.Seal(Purpose, certificate.Export(X509ContentType.Pkcs12), Context(id, use)),
        };
    }

    /// <exception cref="SetupException">It was sealed under a master key that is not here.</exception>
    internal static TokenCertificate Open(TokenCertificateRow row, MasterKeyRing keys)
    {
        try
        {
            var pkcs12 = keys.Open(Purpose, row.Sealed, Context(row.Id, row.Use));
            return new TokenCertificate(row.Id, row.Use, X509CertificateLoader.LoadPkcs12(pkcs12, password: null));
        }
        catch (InvalidDataException failure)
        {
            throw new SetupException(
                $"The certificates in the database can't be opened with this master key: {failure.Message} "
                + "Give back the key that the database was used with, or make new certificates with 'rotate-certificates --revoke'; every token ends with the old ones.",
                failure);
        }
    }

    /// <summary>A sealed certificate moved to another row, or taken for another use, does not open.</summary>
    internal static byte[] Context(Guid id, CertificateUse use) => Encoding.UTF8.GetBytes($"{id:N}/{use}");
}
