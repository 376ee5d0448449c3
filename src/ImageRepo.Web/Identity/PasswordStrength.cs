using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Identity;

/// <summary>Refuses what is guessed first: well-known passwords, one's own name, one character repeated.</summary>
internal sealed class PasswordStrength(DemoAccount demo) : IPasswordValidator<User>
{
    public const int MinLength = 8;
    public const int MaxLength = 256;
    private const int MinDistinctCharacters = 4;

    // The eight characters and longer of the lists that are tried first everywhere.
    private static readonly HashSet<string> WellKnown = new(StringComparer.OrdinalIgnoreCase)
    {
        "12345678", "123456789", "1234567890", "0123456789", "987654321", "87654321", "11223344", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx",
        "password", "password1", "password12", "password123", "passw0rd", "p@ssw0rd", "p@ssword", "mypassword", "changeme", "letmein1",
        "qwertyui", "qwertyuiop", "qwerty123", "qwerty12", "asdfghjk", "asdfghjkl", "zxcvbnm1", "iloveyou", "iloveyou1", "sunshine", "princess",
        "football", "baseball", "superman", "trustno1", "starwars", "computer", "internet", "whatever", "michelle", "jennifer", "abcd1234",
        "abc12345", "admin123", "administrator", "welcome1", "welcome123", "dragon123", "monkey123", "charlie1", "pokemon1", "imagerepo", DemoAccount.Password,
    };

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(Problem(user.UserName ?? "", password ?? "") is { } problem
            ? IdentityResult.Failed(new IdentityError { Code = nameof(PasswordStrength), Description = problem })
            : IdentityResult.Success);

    private string? Problem(string userName, string password) => password switch
    {
        { Length: < MinLength } => null, // Said by Identity itself.
        { Length: > MaxLength } => $"The password is too long: {MaxLength} characters are the most.",
        _ when demo.Owns(userName, password) => null,
        _ when WellKnown.Contains(password) => "The password is too weak: it is one of those that are tried first. Choose one that nobody would guess.",
        _ when userName.Length >= 3 && password.Contains(userName, StringComparison.OrdinalIgnoreCase) && password.Length < userName.Length + MinLength =>
            "The password is too weak: it holds your user name. Choose one that nobody would guess.",
        _ when password.Distinct().Count() < MinDistinctCharacters => "The password is too weak: use more different characters.",
        _ => null,
    };
}
