using System.Text.RegularExpressions;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>What is wrong with the settings, each with its fix. No message repeats a secret.</summary>
internal static partial class AzureOptionsRules
{
    public static IEnumerable<string> Problems(AzureOptions options)
    {
        var setting = AzureOptions.Section;
        if (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var endpoint) || endpoint is not { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" })
        {
            // Somebody may have put a password into the address.
            var written = options.Endpoint.Contains('@') ? "…" : options.Endpoint;
            yield return $"{setting}:{nameof(options.Endpoint)} is '{written}'; set it to the address of your resource without a path, such as https://NAME.cognitiveservices.azure.com.";
        }
        else if (endpoint is { Scheme: "http", IsLoopback: false })
        {
            yield return $"{setting}:{nameof(options.Endpoint)} is '{options.Endpoint}', without TLS; set it to an https address.";
        }
        else if (endpoint.Scheme == "http" && options.Key.Length == 0)
        {
            yield return $"{setting}:{nameof(options.Endpoint)} is '{options.Endpoint}', without TLS; Microsoft Entra's tokens go to https addresses alone.";
        }
        if (options.Key.Any(c => c is < '!' or > '~'))
        {
            yield return $"{setting}:{nameof(options.Key)} holds characters that no key has; copy it again from the resource's page \"Keys and Endpoint\".";
        }
        if (Identification(options) is { } problem)
        {
            yield return problem;
        }
        if (!options.IsVersion32 && !VersionDate().IsMatch(options.ApiVersion))
        {
            yield return $"{setting}:{nameof(options.ApiVersion)} is '{options.ApiVersion}'; set it to the date of a version of Image Analysis 4.0, such as 2024-02-01, or to 3.2.";
        }
        if (options.RequestsPerMinute < 1)
        {
            yield return $"{setting}:{nameof(options.RequestsPerMinute)} is {options.RequestsPerMinute}; set it to 1 or more, or leave it out for no limit.";
        }
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromMinutes(10))
        {
            yield return $"{setting}:{nameof(options.Timeout)} must be longer than nothing and 10 minutes at most, written as hours:minutes:seconds (00:00:30).";
        }
    }

    private static string? Identification(AzureOptions options)
    {
        var entra = options.Entra;
        int[] ways = [options.Key.Length > 0 ? 1 : 0, entra.HasSecret ? 1 : 0, entra.UseManagedIdentity ? 1 : 0];
        var isHalf = entra is { IsEmpty: false, HasSecret: false, UseManagedIdentity: false } || entra is { UseManagedIdentity: true, ClientSecret.Length: > 0 };
        return ways.Sum() == 1 && !isHalf
            ? null
            : $"Azure needs to know who asks, in one way: set {AzureOptions.Section}:{nameof(options.Key)}; or {AzureOptions.Section}:Entra:TenantId, ClientId and ClientSecret; or {AzureOptions.Section}:Entra:UseManagedIdentity=true, with ClientId where the machine has several identities.";
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(-preview)?$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionDate();
}
