using System.Security.Claims;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Identity.Tokens;

/// <summary>
/// Tokens carry the account's security stamp of the time when they were made. It changes with the password and with "sign out everywhere",
/// and then they are void, like the sessions.
/// </summary>
internal sealed class SecurityStamps(ImageRepoDbContext database, IOptions<IdentityOptions> identity)
{
    public string ClaimType => identity.Value.ClaimsIdentity.SecurityStampClaimType;

    /// <summary>False once the account's stamp has changed, or the account is gone. A principal without a stamp has nothing to lose.</summary>
    public async Task<bool> IsCurrentAsync(ClaimsPrincipal principal, CancellationToken cancellationToken) =>
        principal.GetClaim(ClaimType) is not { } stamp
        || (Guid.TryParse(principal.GetClaim(Claims.Subject), out var id) && await database.Users.AnyAsync(u => u.Id == id && u.SecurityStamp == stamp, cancellationToken));
}
