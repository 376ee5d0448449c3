using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.Attempts;
using ImageRepo.Web.Identity.Letters;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace ImageRepo.Web.Pages.Account;

[EnableRateLimiting(nameof(Attempt.PasswordReset))]
internal sealed class EmailModel(UserManager<User> users, AccountLetters letters, OwnerProof proof) : OwnAccountPage(users)
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public string? Address { get; private set; }

    public bool HasPassword { get; private set; }

    public bool CanSend => letters.AreAvailable;

    public async Task OnGetAsync() => Show(await OwnerAsync());

    public async Task<IActionResult> OnPostAsync()
    {
        var user = await OwnerAsync();
        Email = (Email ?? "").Trim();
        var problem = !CanSend ? "This site isn't set up to send e-mail."
            : !EmailAddress.IsValid(Email) ? "This is no e-mail address that can be written to."
            : await proof.CheckAsync(user, User, Password) ?? await letters.AskToConfirmAsync(user, Email);
        if (problem is not null)
        {
            Problems.Add(problem);
            Show(user);
            return Page();
        }
        Notice.Leave(TempData, "A letter is on its way. The address is yours once you have opened the link in it.");
        return Redirect("/account/email");
    }

    public async Task<IActionResult> OnPostForgetAsync()
    {
        await letters.ForgetAsync(await OwnerAsync());
        Notice.Leave(TempData, "Your e-mail address is removed.");
        return Redirect("/account/email");
    }

    private void Show(User user) => (Address, HasPassword) = (user.EmailConfirmed ? user.Email : null, user.PasswordHash is not null);
}
