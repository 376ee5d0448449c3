using ImageRepo.Web.Identity.Attempts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using AccountPasskeys = ImageRepo.Web.Identity.Passkeys.Passkeys;

namespace ImageRepo.Web.Pages.Account;

[EnableRateLimiting(nameof(Attempt.SignIn))]
internal sealed class SignInModel(Identity.SignIn signIn, AccountPasskeys passkeys) : AccountPage
{
    [BindProperty]
    public string UserName { get; set; } = "";

    [BindProperty]
    public string Password { get; set; } = "";

    [BindProperty]
    public bool RememberMe { get; set; }

    public IActionResult OnGet() => IsSignedIn ? GoOn() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        UserName = (UserName ?? "").Trim();
        if (UserName.Length == 0 || string.IsNullOrEmpty(Password))
        {
            Problems.Add("Enter your user name and your password.");
            return Page();
        }
        if (await signIn.TryAsync(UserName, Password, RememberMe))
        {
            return GoOn();
        }
        // The same for a wrong name, a wrong password and a locked account: who guesses must not learn which.
        Problems.Add("This user name and password don't match. After five wrong tries an account stays locked for ten minutes.");
        return Page();
    }

    /// <summary>What the browser's script asks for before it uses a passkey.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync() => Content(await passkeys.AskToSignInAsync(), "application/json");

    public async Task<IActionResult> OnPostPasskeyAsync(string? answer)
    {
        if (await passkeys.SignInAsync(answer, isPersistent: true) is not null)
        {
            return GoOn();
        }
        Problems.Add("This passkey opens no account here.");
        return Page();
    }
}
