using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Account;

internal sealed class SignOutModel(SignInManager<User> signIn) : AccountPage
{
    public IActionResult OnGet() => IsSignedIn ? Page() : LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync()
    {
        await signIn.SignOutAsync();
        return LocalRedirect("/");
    }
}
