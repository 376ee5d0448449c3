using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Account;

internal sealed class SignOutModel(SignInManager<User> signIn, AuditLog audit) : AccountPage
{
    public IActionResult OnGet() => IsSignedIn ? Page() : LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync()
    {
        if (Guid.TryParse(signIn.UserManager.GetUserId(User), out var account))
        {
            audit.Write(AuditEvent.SignedOut, account);
        }
        await signIn.SignOutAsync();
        return LocalRedirect("/");
    }
}
