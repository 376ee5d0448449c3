namespace ImageRepo.Web.Identity.External;

/// <summary>Where else people may sign in. Section <c>Identity:External</c>; a provider without a client id is not offered.</summary>
internal sealed class ExternalOptions
{
    public const string Section = "Identity:External";

    public ProviderOptions Google { get; set; } = new();
    public ProviderOptions Facebook { get; set; } = new();
    public ProviderOptions GitHub { get; set; } = new();
    public MicrosoftOptions Microsoft { get; set; } = new();
    public OpenIdConnectOptions OpenIdConnect { get; set; } = new();

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem()
    {
        (string Name, ProviderOptions Options)[] withSecret = [(nameof(Google), Google), (nameof(Facebook), Facebook), (nameof(GitHub), GitHub), (nameof(Microsoft), Microsoft)];
        foreach (var (name, provider) in withSecret)
        {
            if (provider.IsConfigured != !string.IsNullOrEmpty(provider.ClientSecret))
            {
                return $"{Section}:{name} needs both ClientId and ClientSecret, as {name} shows them for your application, or neither.";
            }
        }
        return OpenIdConnect.Problem();
    }
}

internal class ProviderOptions
{
    public string? ClientId { get; set; }
    public string? ClientSecret { get; set; }

    public bool IsConfigured => !string.IsNullOrEmpty(ClientId);
}

internal sealed class MicrosoftOptions : ProviderOptions
{
    /// <summary>Whose accounts: a tenant's id or domain, <c>common</c> (everybody's), <c>organizations</c> or <c>consumers</c>.</summary>
    public string Tenant { get; set; } = "common";
}

internal sealed class OpenIdConnectOptions : ProviderOptions
{
    private const int IssuerMaxLength = 128; // Kept with each link, in a column of so many characters.

    /// <summary>The provider's address, below which <c>.well-known/openid-configuration</c> lies.</summary>
    public string? Issuer { get; set; }

    /// <summary>What the button says after "Continue with".</summary>
    public string Name { get; set; } = "single sign-on";

    public string? Problem()
    {
        const string Here = $"{ExternalOptions.Section}:{nameof(ExternalOptions.OpenIdConnect)}";
        return this switch
        {
            { IsConfigured: false, Issuer: null or "", ClientSecret: null or "" } => null,
            { IsConfigured: false } => $"{Here} needs a ClientId, as the provider shows it for your application.",
            _ when !IsIssuer(Issuer) => $"{Here}:{nameof(Issuer)} is '{Issuer}'; set it to the provider's address, such as https://login.example.org. Plain http is for a provider on this machine alone.",
            { Issuer.Length: > IssuerMaxLength } => $"{Here}:{nameof(Issuer)} has {Issuer.Length} characters; at most {IssuerMaxLength} are allowed.",
            { Name.Length: 0 or > 40 } => $"{Here}:{nameof(Name)} is what a button says: 1 to 40 characters.",
            _ => null,
        };
    }

    private static bool IsIssuer(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Query: "", Fragment: "", UserInfo: "", Host.Length: > 0 }
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
