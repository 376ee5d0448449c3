using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>Section <c>Encryption</c>.</summary>
internal sealed class EncryptionOptions
{
    public const string Section = "Encryption";

    /// <summary>Base64 of 32 random bytes. Without it the key is kept in <c>keys/master.key</c> in the data directory.</summary>
    public string? MasterKey { get; set; }
}

internal sealed class EncryptionOptionsValidator : IValidateOptions<EncryptionOptions>
{
    public ValidateOptionsResult Validate(string? name, EncryptionOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.MasterKey))
        {
            return ValidateOptionsResult.Success;
        }
        return MasterKey.TryParse(options.MasterKey, out _, out var problem)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{EncryptionOptions.Section}:{nameof(EncryptionOptions.MasterKey)} {problem}; it must be the Base64 text of exactly {MasterKey.Length} random bytes. "
                + "Make one with 'openssl rand -base64 32', or leave the setting out to have one made and kept in keys/master.key in the data directory.");
    }
}
