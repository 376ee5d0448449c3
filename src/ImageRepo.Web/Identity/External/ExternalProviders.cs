using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity.External;

/// <summary>Another place at which people may have an account.</summary>
/// <param name="Id">In addresses and of the registration: "google".</param>
/// <param name="Name">As people call it.</param>
internal sealed record ExternalProvider(string Id, string Name);

/// <summary>The providers that are configured, in the order of their buttons.</summary>
internal sealed class ExternalProviders(IOptions<ExternalOptions> options)
{
    public IReadOnlyList<ExternalProvider> All { get; } = [.. Of(options.Value)];

    public ExternalProvider? Find(string? id) => All.FirstOrDefault(p => p.Id == id);

    private static IEnumerable<ExternalProvider> Of(ExternalOptions options)
    {
        if (options.Google.IsConfigured)
        {
            yield return new("google", "Google");
        }
        if (options.Microsoft.IsConfigured)
        {
            yield return new("microsoft", "Microsoft");
        }
        if (options.GitHub.IsConfigured)
        {
            yield return new("github", "GitHub");
        }
        if (options.Facebook.IsConfigured)
        {
            yield return new("facebook", "Facebook");
        }
        if (options.OpenIdConnect.IsConfigured)
        {
            yield return new("oidc", options.OpenIdConnect.Name);
        }
    }
}
