namespace ImageRepo.Infrastructure.Certificates;

public enum CertificateUse
{
    Signing,
    Encryption,
}

/// <summary>A certificate as it lies in the database: its key is sealed under the master key.</summary>
public sealed class TokenCertificateRow
{
    public required Guid Id { get; init; }
    public required CertificateUse Use { get; init; }

    /// <summary>New tokens are made with it from here on, until a younger one takes over.</summary>
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>Until here it reads the tokens that were made with it; then it is deleted.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>PKCS #12, sealed by the ring of master keys.</summary>
    public required byte[] Sealed { get; set; }
}
