using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Execution;

/// <summary>The setting <c>PublicUrl</c>.</summary>
public sealed class BaseAddressOptions
{
    /// <summary>The address under which browsers reach the product, http or https; empty when it is that of each request.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>With a slash at its end; null when none is set.</summary>
    public Uri? Address => string.IsNullOrEmpty(PublicUrl) ? null : new Uri(PublicUrl.TrimEnd('/') + "/", UriKind.Absolute);

    /// <summary>Browsers reach the product by TLS, whoever ends it.</summary>
    public bool IsSecure => Address?.Scheme == Uri.UriSchemeHttps;
}

internal sealed class BaseAddressOptionsCheck : IValidateOptions<BaseAddressOptions>
{
    public ValidateOptionsResult Validate(string? name, BaseAddressOptions options) =>
        string.IsNullOrEmpty(options.PublicUrl) || IsAddress(options.PublicUrl)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{nameof(options.PublicUrl)} is '{options.PublicUrl}'; set it to the address that browsers use, such as https://images.example.org, or leave it out.");

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url is { Host.Length: > 0, Query: "", Fragment: "", UserInfo: "" };
}
