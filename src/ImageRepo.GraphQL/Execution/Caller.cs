using System.Security.Claims;
using ImageRepo.Domain.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.GraphQL.Execution;

/// <summary>Who asks and what they may. Whoever signed in with the page's cookie may do all; a token may do what its scopes name.</summary>
internal sealed record Caller(OwnerId? Owner, bool CanRead, bool CanWrite)
{
    public static Caller Nobody { get; } = new(null, CanRead: false, CanWrite: false);

    public static Caller From(ClaimsPrincipal user)
    {
        if (user.Identities.FirstOrDefault(i => i.IsAuthenticated) is not { } identity
            || !Guid.TryParse((identity.FindFirst(ClaimTypes.NameIdentifier) ?? identity.FindFirst("sub"))?.Value, out var id)
            || id == Guid.Empty)
        {
            return Nobody;
        }
        // Whatever is not known to be the cookie is held to its scopes.
        var isCookie = identity.AuthenticationType == IdentityConstants.ApplicationScheme;
        var scopes = Scopes(identity);
        return new Caller(new OwnerId(id), isCookie || scopes.Contains(AccessScopes.Read), isCookie || scopes.Contains(AccessScopes.Write));
    }

    public bool May(Permission permission) => permission switch
    {
        Permission.SignedIn => Owner is not null,
        Permission.Read => CanRead,
        Permission.Write => CanWrite,
        _ => false,
    };

    private static HashSet<string> Scopes(ClaimsIdentity identity) => [.. identity.Claims
        .Where(c => c.Type is "scope" or "oi_scp")
        .SelectMany(c => c.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}

internal enum Permission
{
    SignedIn,
    Read,
    Write,
}
