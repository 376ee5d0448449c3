using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.Verification;

public enum StoreFaultKind
{
    /// <summary>The database names it, and it is not in the store.</summary>
    Missing,

    /// <summary>It can't be read whole, or its bytes are not those that were stored.</summary>
    Damaged,

    /// <summary>It is in the store, and the database knows nothing of it.</summary>
    Unknown,
}

/// <summary>What is wrong with an object. Its key says which image it is; no name that a user wrote is in it.</summary>
/// <param name="Problem">In words, to follow the key.</param>
public sealed record StoreFault(ObjectKey Key, StoreFaultKind Kind, string Problem)
{
    /// <summary>Made anew, so that nothing is wrong any more.</summary>
    public bool IsRepaired { get; init; }
}

/// <summary>How far a verification has come, and in the end what it found.</summary>
public sealed record StoreFindings
{
    /// <summary>Images whose objects were read.</summary>
    public int Images { get; init; }

    /// <summary>Of how many, when it began.</summary>
    public int ImagesInAll { get; init; }

    /// <summary>Objects that were read whole, and their bytes.</summary>
    public long Objects { get; init; }

    /// <inheritdoc cref="Objects"/>
    public long Bytes { get; init; }

    /// <summary>Objects that the store lists.</summary>
    public long Listed { get; init; }

    /// <summary>Of those, the ones of uploads under way, and what is left for the sweeper.</summary>
    public long Noted { get; init; }

    public long Faults { get; init; }

    public long Repaired { get; init; }
}
