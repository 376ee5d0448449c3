namespace ImageRepo.Infrastructure.Accounts;

/// <summary>Lets one person sign up while that is by invitation alone. Gone once it is used.</summary>
public sealed class Invitation
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>SHA-256 of the code, which is shown once and not kept.</summary>
    public required byte[] CodeHash { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
