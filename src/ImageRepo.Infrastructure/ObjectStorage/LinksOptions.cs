using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.ObjectStorage;

/// <summary>Section <c>Links</c>.</summary>
internal sealed class LinksOptions
{
    public const string Section = "Links";

    /// <summary>How long a link to an object works at most; at least half as long.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>When the present window ends, and with it a link that is made now: at the end of the window after it, a whole window away at the least and two at the most.</summary>
    public (DateTimeOffset End, DateTimeOffset LinksEnd) WindowAt(DateTimeOffset now)
    {
        var window = Lifetime.Ticks / 2;
        var end = (now.UtcTicks / window + 1) * window;
        return (new DateTimeOffset(end, TimeSpan.Zero), new DateTimeOffset(end + window, TimeSpan.Zero));
    }
}

internal sealed class LinksOptionsValidator : IValidateOptions<LinksOptions>
{
    // What presigned links of S3 can last at most (AWS Signature Version 4), so that every store can keep the setting.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    public ValidateOptionsResult Validate(string? name, LinksOptions options) =>
        options.Lifetime >= Shortest && options.Lifetime <= Longest
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{LinksOptions.Section}:{nameof(LinksOptions.Lifetime)} is {options.Lifetime:c}; it must be from {Shortest:c} to {Longest:c}, written as hours:minutes:seconds (00:30:00).");
}
