using System.Collections.Immutable;
using ImageRepo.GraphQL.Execution;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Consents;

/// <summary>The scopes that there are, in the words that a person is asked with.</summary>
internal static class ScopeWords
{
    private static readonly (string Scope, string Words)[] All =
    [
        (AccessScopes.Read, "See all your images, what is said about them and where they were taken, and download the originals"),
        (AccessScopes.Write, "Upload images, change what is said about them, and delete them"),
        (Scopes.Profile, "Know your user name"),
        (Scopes.Email, "Know your e-mail address"),
        (Scopes.OpenId, "Recognise you when you come back"),
        (Scopes.OfflineAccess, "Keep this access while you are away, until you take it back"),
    ];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(s => s.Scope)];

    /// <summary>Those that concern images: the ones that a script of one's own may have.</summary>
    public static ImmutableArray<string> OfImages { get; } = [AccessScopes.Read, AccessScopes.Write];

    /// <summary>In the order of their weight.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> scopes) => All.Where(s => scopes.Contains(s.Scope)).Select(s => s.Words);
}
