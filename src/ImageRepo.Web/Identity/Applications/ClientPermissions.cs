using System.Collections.Immutable;
using ImageRepo.Web.Identity.Consents;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Applications;

/// <summary>What kinds of applications may ask the server for.</summary>
internal static class ClientPermissions
{
    private static readonly ImmutableArray<string> ToSignPeopleIn =
    [
        Permissions.Endpoints.Authorization, Permissions.Endpoints.EndSession, Permissions.Endpoints.Token, Permissions.Endpoints.Revocation,
        Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken, Permissions.ResponseTypes.Code,
    ];

    private static readonly ImmutableArray<string> ToUseDeviceCodes = [Permissions.Endpoints.DeviceAuthorization, Permissions.GrantTypes.DeviceCode];

    /// <summary>An application with a server of its own, which keeps a secret.</summary>
    public static ImmutableArray<string> Confidential { get; } = [.. ToSignPeopleIn, Permissions.Endpoints.Introspection, .. Scopes(ScopeWords.Names)];

    /// <summary>An application in a browser, on a phone or on a desktop, which can keep none.</summary>
    public static ImmutableArray<string> Public { get; } = [.. ToSignPeopleIn, .. ToUseDeviceCodes, .. Scopes(ScopeWords.Names)];

    /// <summary>A script that acts as the one who registered it, and as nobody else.</summary>
    public static ImmutableArray<string> OwnScript(IEnumerable<string> scopes) =>
        [Permissions.Endpoints.Token, Permissions.Endpoints.Revocation, Permissions.Endpoints.Introspection, Permissions.GrantTypes.ClientCredentials, .. Scopes(scopes)];

    /// <summary>The scopes among an application's permissions.</summary>
    public static IEnumerable<string> ScopesOf(IEnumerable<string> permissions) =>
        permissions.Where(p => p.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal)).Select(p => p[Permissions.Prefixes.Scope.Length..]);

    private static IEnumerable<string> Scopes(IEnumerable<string> scopes) => scopes.Select(s => Permissions.Prefixes.Scope + s);
}
