using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Encryption;

/// <summary>Section <c>Encryption</c>.</summary>
internal sealed class EncryptionOptions
{
    public const string Section = "Encryption";

    /// <summary>Base64 of 32 random bytes. Without it the key is kept in <c>keys/master.key</c> in the data directory.</summary>
    public string? MasterKey { get; set; }

    /// <summary>Keys that were in use before, or will be: they open what they sealed, and seal nothing. Base64, with commas between them.</summary>
    public string? RetiredMasterKeys { get; set; }

    public IEnumerable<string> Retired => (RetiredMasterKeys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

internal sealed class EncryptionOptionsValidator : IValidateOptions<EncryptionOptions>
{
    public ValidateOptionsResult Validate(string? name, EncryptionOptions options)
    {
        foreach (var retired in options.Retired)
        {
            if (!MasterKey.TryParse(retired, out _, out var wrong))
            {
                return ValidateOptionsResult.Fail($"{EncryptionOptions.Section}:{nameof(EncryptionOptions.RetiredMasterKeys)}: one of them {wrong}; each must be the Base64 text of {MasterKey.Length} bytes, with commas between them.");
            }
        }
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
