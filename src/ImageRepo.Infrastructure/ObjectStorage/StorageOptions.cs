using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.ObjectStorage;

/// <summary>Section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string Section = "Storage";
    public const string FileSystem = "FileSystem";
    public const string S3 = "S3";

    /// <summary>Where objects are kept.</summary>
    public string Provider { get; set; } = FileSystem;

    public static bool IsS3(IConfiguration configuration) => S3.Equals(configuration[$"{Section}:{nameof(Provider)}"], StringComparison.OrdinalIgnoreCase);
}

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    private static readonly string[] Allowed = [StorageOptions.FileSystem, StorageOptions.S3];

    public ValidateOptionsResult Validate(string? name, StorageOptions options) =>
        Allowed.Contains(options.Provider, StringComparer.OrdinalIgnoreCase)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{StorageOptions.Section}:{nameof(StorageOptions.Provider)} is '{options.Provider}'; allowed are: {string.Join(", ", Allowed)}.");
}
