using ImageRepo.Web.Identity.Attempts;
using ImageRepo.Web.Identity.Letters;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace ImageRepo.Web.Pages.Account;

[EnableRateLimiting(nameof(Attempt.PasswordReset))]
internal sealed class ForgotPasswordModel(AccountLetters letters) : AccountPage
{
    [BindProperty]
    public string? Email { get; set; }

    public bool CanSend => letters.AreAvailable;

    public bool IsSent { get; private set; }

    public void OnGet()
    {
    }

    /// <summary>Says the same for every address: who asks must not learn whether it has an account.</summary>
    public async Task OnPostAsync(CancellationToken cancellationToken)
    {
        Email = (Email ?? "").Trim();
        if (Email.Length == 0)
        {
            Problems.Add("Enter your e-mail address.");
            return;
        }
        if (CanSend)
        {
            await letters.SendResetsAsync(Email, cancellationToken);
            IsSent = true;
        }
    }
}
