namespace ImageRepo.Infrastructure.Accounts;

/// <summary>A browser in which somebody is signed in. Its cookie counts for as long as this row is there.</summary>
public sealed class Session
{
    /// <summary>The claim of the cookie that names its session.</summary>
    public const string ClaimType = "session";

    /// <summary>A session that is not used for so long ends.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    public const int DeviceMaxLength = 60;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid AccountId { get; init; }

    /// <summary>When the person last showed who they are.</summary>
    public required DateTimeOffset SignedInAt { get; set; }

    /// <summary>Exact to a few minutes.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>What the browser says it is, in words.</summary>
    public required string Device { get; init; }
}
