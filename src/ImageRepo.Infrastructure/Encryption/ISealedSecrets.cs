namespace ImageRepo.Infrastructure.Encryption;

/// <summary>A place where secrets lie that were sealed by the master key. Each registers itself, so that a change of the key leaves none out.</summary>
internal interface ISealedSecrets
{
    /// <summary>In words, for the operator: "objects".</summary>
    string Name { get; }

    /// <summary>Seals anew what is not sealed by the key in use. May be interrupted at any point and called again; may run while the product does.</summary>
    /// <returns>How many were sealed anew.</returns>
    /// <exception cref="InvalidDataException">One can't be opened; the message says which.</exception>
    Task<long> ResealAsync(CancellationToken cancellationToken);
}
