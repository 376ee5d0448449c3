using System.Net;

namespace ImageRepo.Infrastructure;

/// <summary>Networks as a setting names them: in CIDR notation, with commas between them.</summary>
public static class NetworkList
{
    public static IEnumerable<IPNetwork> Parse(string? text) => Parts(text).Select(IPNetwork.Parse);

    /// <summary>What is wrong with the setting's text; null when nothing is.</summary>
    public static string? Problem(string setting, string? text) =>
        Parts(text).FirstOrDefault(n => !n.Contains('/') || !IPNetwork.TryParse(n, out _)) is { } wrong
            ? $"{setting} holds '{wrong}'; write networks as their first address and their bits, such as 10.0.0.0/8, with commas between them."
            : null;

    private static string[] Parts(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
