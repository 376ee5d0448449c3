namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>The resource of Azure AI Vision that is asked. Section <c>Analysis:Azure</c>, read when <c>Analysis:Provider</c> names Azure.</summary>
internal sealed class AzureOptions
{
    public const string Section = AnalysisOptions.Section + ":Azure";

    /// <summary>Where the resource answers, such as https://NAME.cognitiveservices.azure.com.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>One of the resource's two keys; none where Microsoft Entra says who asks.</summary>
    public string Key { get; set; } = "";

    public EntraOptions Entra { get; set; } = new();

    /// <summary>The date of a version of Image Analysis 4.0, or 3.2.</summary>
    public string ApiVersion { get; set; } = "2024-02-01";

    /// <summary>Requests that this node sends in any minute at most; null for as many as there is work for.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>How long one request may take in all.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    public bool IsVersion32 => ApiVersion == "3.2";
}

/// <summary>Who this product is for Microsoft Entra ID: an application with a secret, or the identity of the machine it runs on.</summary>
internal sealed class EntraOptions
{
    public string TenantId { get; set; } = "";

    /// <summary>The application's, or of an identity that was assigned to the machine by hand.</summary>
    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    public bool UseManagedIdentity { get; set; }

    public bool HasSecret => TenantId.Length > 0 && ClientId.Length > 0 && ClientSecret.Length > 0;

    public bool IsEmpty => this is { TenantId: "", ClientId: "", ClientSecret: "", UseManagedIdentity: false };
}
