using ImageRepo.Web.Identity.Letters;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Account;

/// <summary>Where a letter's link leads. It takes a click there: programs that look at links in letters must not use them up.</summary>
internal sealed class ConfirmEmailModel(AccountLetters letters) : AccountPage
{
    [BindProperty(SupportsGet = true)]
    public string? Account { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Email { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (EmailAddress.IsValid(Email) && !string.IsNullOrEmpty(Token) && await letters.FindAsync(Account) is { } user && await letters.ConfirmAsync(user, Email!, Token))
        {
            Notice.Leave(TempData, "Your e-mail address is confirmed.");
            return Redirect(IsSignedIn ? "/account/email" : "/account/sign-in");
        }
        Problems.Add("This link is too old, was used already, or is incomplete. Ask for another letter.");
        return Page();
    }
}
