using Microsoft.Extensions.Configuration;

namespace ImageRepo.Infrastructure;

/// <summary>What this node does: setting <c>Roles</c>, <c>web</c>, <c>worker</c> or both with a comma, which is the default.</summary>
public sealed record NodeRoles(bool IsWeb, bool IsWorker)
{
    private const string Setting = "Roles";

    /// <exception cref="SetupException">A role is unknown, or there is none.</exception>
    public static NodeRoles From(IConfiguration configuration)
    {
        var names = (configuration[Setting] ?? "web,worker").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries).Select(r => r.ToLowerInvariant()).ToList();
        return names.Count > 0 && names.All(r => r is "web" or "worker")
            ? new NodeRoles(names.Contains("web"), names.Contains("worker"))
            : throw new SetupException($"{Setting} is '{configuration[Setting]}'; set it to web, to worker, or to both with a comma between them.");
    }
}
