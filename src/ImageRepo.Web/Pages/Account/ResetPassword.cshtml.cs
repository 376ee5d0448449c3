using ImageRepo.Web.Identity.Attempts;
using ImageRepo.Web.Identity.Letters;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace ImageRepo.Web.Pages.Account;

[EnableRateLimiting(nameof(Attempt.PasswordReset))]
internal sealed class ResetPasswordModel(AccountLetters letters) : AccountPage
{
    [BindProperty(SupportsGet = true)]
    public string? Account { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? ConfirmPassword { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Password))
        {
            Problems.Add("Choose a new password.");
        }
        else if (Password != ConfirmPassword)
        {
            Problems.Add("The two passwords differ. Type the same one twice.");
        }
        else if (string.IsNullOrEmpty(Token) || await letters.FindAsync(Account) is not { } user || !await letters.MayResetAsync(user, Token))
        {
            Problems.Add("This link is too old, was used already, or is incomplete. Ask for another letter.");
        }
        else
        {
            Problems.AddRange((await letters.ResetAsync(user, Token, Password, cancellationToken)).Errors.Select(e => e.Description));
        }
        if (Problems.Count > 0)
        {
            return Page();
        }
        Notice.Leave(TempData, "Your password is changed. Sign in with the new one.");
        return Redirect("/account/sign-in");
    }
}
