namespace ImageRepo.Infrastructure.Persistence.Embedded;

/// <summary>What tests set apart from the product's own use.</summary>
internal sealed record EmbeddedPostgresOptions
{
    /// <summary>No fsync, and the whole data directory is removed when the server ends, also after a kill of the app.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Connections that the server accepts.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Folders searched for PostgreSQL's programs; the machine's usual ones when null.</summary>
    public IReadOnlyList<string>? BinaryFolders { get; init; }

    /// <summary>How long another app that is just ending is waited for before the data directory counts as in use.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long an earlier server's shutdown, a start (crash recovery included) and a stop may each take.
    /// </summary>
    public TimeSpan ServerTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
