using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Imports;

/// <summary>How images are fetched from web addresses. Section <c>Import</c>.</summary>
internal sealed class ImportOptions
{
    public const string Section = "Import";

    /// <summary>
    /// Networks that may be fetched from though they are not public, in CIDR notation with commas between them, on any port; none unless set.
    /// Whoever has an account here can then look at what is served there.
    /// </summary>
    public string? AllowedNetworks { get; set; }

    /// <summary>Imports of one owner under way at once, on each node. 3 unless set.</summary>
    public int PerOwner { get; set; } = 3;

    /// <summary>How long a server may take to be found and to accept a connection. 10 seconds unless set.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may say nothing: until its answer begins, and between two pieces of it. 20 seconds unless set.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one import may take to arrive, redirects included. 5 minutes unless set.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);
}

internal sealed class ImportOptionsValidator : IValidateOptions<ImportOptions>
{
    public ValidateOptionsResult Validate(string? name, ImportOptions options) => Problem(options) is { } problem
        ? ValidateOptionsResult.Fail(problem)
        : ValidateOptionsResult.Success;

    private static string? Problem(ImportOptions options) =>
        options.PerOwner < 1 ? $"{ImportOptions.Section}:{nameof(options.PerOwner)} must be at least 1."
        : new[] { options.ConnectTimeout, options.IdleTimeout, options.Timeout }.Any(t => t <= TimeSpan.Zero || t > TimeSpan.FromHours(1))
            ? $"{ImportOptions.Section}:{nameof(options.ConnectTimeout)}, {nameof(options.IdleTimeout)} and {nameof(options.Timeout)} must be longer than nothing and an hour at most, written as hours:minutes:seconds (00:00:20)."
        : NetworkList.Problem($"{ImportOptions.Section}:{nameof(options.AllowedNetworks)}", options.AllowedNetworks);
}
