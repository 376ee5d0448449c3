using System.Security.Claims;
using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Identity;

/// <summary>
/// Makes sure that it is the account's owner who asks for something grave, and not whoever found the browser open: by the password, or,
/// where there is none, by a sign-in of a moment ago.
/// </summary>
internal sealed class OwnerProof(SignInManager<User> signIn, Sessions.Sessions sessions, TimeProvider time)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    /// <returns>Null when it is proven; else what to say.</returns>
    public async Task<string?> CheckAsync(User user, ClaimsPrincipal session, string? password)
    {
        if (user.PasswordHash is null)
        {
            return await IsFreshAsync(session) ? null : "Please sign out and sign in again first: for this your sign-in has to be at most ten minutes old.";
        }
        if (string.IsNullOrEmpty(password))
        {
            return "Enter your password.";
        }
        // Wrong ones count as they do at the sign-in.
        var result = password.Length <= PasswordStrength.MaxLength ? await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true) : SignInResult.Failed;
        return result switch
        {
            { Succeeded: true } => null,
            { IsLockedOut: true } => "There were too many wrong passwords. Please try again in ten minutes.",
            _ => "This is not your password.",
        };
    }

    private async Task<bool> IsFreshAsync(ClaimsPrincipal session) => await sessions.SignedInAtAsync(session) is { } at && time.GetUtcNow() - at <= FreshFor;
}
