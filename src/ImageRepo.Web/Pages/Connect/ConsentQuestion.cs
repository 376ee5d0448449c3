using ImageRepo.Web.Identity.Applications;
using ImageRepo.Web.Identity.Consents;

namespace ImageRepo.Web.Pages.Connect;

/// <summary>What a person is asked before an application gets access.</summary>
/// <param name="Application">Its name, as those who registered it wrote it.</param>
/// <param name="IsOwn">It is part of the product.</param>
/// <param name="Allows">What it may do, in words.</param>
/// <param name="Destination">Where the browser goes afterwards; null when it stays here.</param>
internal sealed record ConsentQuestion(string Application, bool IsOwn, IReadOnlyList<string> Allows, string? Destination)
{
    public static ConsentQuestion Of(string clientId, string? name, IEnumerable<string> scopes, Uri? destination = null) =>
        new(name ?? clientId, clientId == CommandLineClient.ClientId, [.. ScopeWords.Of(scopes)], Describe(destination));

    private static string? Describe(Uri? destination) => destination switch
    {
        null => null,
        { IsLoopback: true } => "a program on this device",
        { Scheme: "http" or "https" } => destination.IdnHost,
        _ => $"an application on this device ({destination.Scheme})",
    };
}
