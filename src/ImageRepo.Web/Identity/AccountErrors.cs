using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Identity;

/// <summary>What the sign-up page says, in words that tell what to do.</summary>
internal sealed class AccountErrors : IdentityErrorDescriber
{
    public override IdentityError DuplicateUserName(string userName) =>
        Error(nameof(DuplicateUserName), "This user name is taken. Please choose another one.");

    public override IdentityError InvalidUserName(string? userName) =>
        Error(nameof(InvalidUserName), "A user name is made of letters a to z, digits, and the characters - . _ @ +");

    public override IdentityError PasswordTooShort(int length) =>
        Error(nameof(PasswordTooShort), $"The password is too short: use at least {length} characters. A few words in a row work well.");

    private static IdentityError Error(string code, string description) => new() { Code = code, Description = description };
}
