using ImageRepo.Domain.Accounts;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>
/// Whose data this request or job may see: the one place that scopes every query to its owner. Until it is entered, nothing is seen.
/// </summary>
public sealed class OwnerScope
{
    public OwnerId? Owner { get; private set; }

    /// <summary>Entering twice for the same owner is fine; for another one it is a defect, so it throws.</summary>
    public void Enter(OwnerId owner) => Owner = Owner is null || Owner == owner
        ? owner
        : throw new InvalidOperationException("This scope belongs to another owner.");
}
