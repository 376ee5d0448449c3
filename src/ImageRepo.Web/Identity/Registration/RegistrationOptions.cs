using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity.Registration;

internal enum RegistrationMode
{
    /// <summary>Whoever likes may sign up.</summary>
    Open,

    /// <summary>Whoever has an invitation may.</summary>
    Invite,

    /// <summary>Nobody may; the operator makes accounts.</summary>
    Closed,
}

/// <summary>Section <c>Registration</c>.</summary>
internal sealed class RegistrationOptions
{
    public string? Mode { get; set; }

    /// <summary>Null for a word that is none.</summary>
    public RegistrationMode? ParsedMode => string.IsNullOrWhiteSpace(Mode) ? RegistrationMode.Open
        : Enum.GetValues<RegistrationMode>().Cast<RegistrationMode?>().FirstOrDefault(m => m.ToString()!.Equals(Mode.Trim(), StringComparison.OrdinalIgnoreCase));
}

internal sealed class RegistrationOptionsCheck : IValidateOptions<RegistrationOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistrationOptions options) => options.ParsedMode is null
        ? ValidateOptionsResult.Fail($"Registration:{nameof(options.Mode)} is '{options.Mode}'; set it to {string.Join(", ", Enum.GetNames<RegistrationMode>())}, or leave it out for {RegistrationMode.Open}.")
        : ValidateOptionsResult.Success;
}
