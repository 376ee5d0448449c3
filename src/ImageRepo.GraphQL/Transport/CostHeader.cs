using ImageRepo.GraphQL.Costs;
using Microsoft.AspNetCore.Http;

namespace ImageRepo.GraphQL.Transport;

/// <summary>The header by which a client asks what its operation costs; Hot Chocolate's, with its two values.</summary>
internal static class CostHeader
{
    public const string Name = "GraphQL-Cost";

    /// <summary>Any other value asks for nothing.</summary>
    public static CostReport Read(HttpRequest request) => request.Headers[Name].ToString() switch
    {
        var value when value.Equals("report", StringComparison.OrdinalIgnoreCase) => CostReport.WithResult,
        var value when value.Equals("validate", StringComparison.OrdinalIgnoreCase) => CostReport.InsteadOfResult,
        _ => CostReport.None,
    };
}
