using ImageRepo.Web.Identity.Attempts;
using ImageRepo.Web.Identity.External;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace ImageRepo.Web.Pages.Account.External;

/// <summary>Whoever comes by a provider that no account is linked to chooses a name for a new one.</summary>
[EnableRateLimiting(nameof(Attempt.SignUp))]
internal sealed class NewModel(ExternalSignIn external) : AccountPage
{
    [BindProperty]
    public string UserName { get; set; } = "";

    public string ProviderName { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (IsSignedIn || (await external.RecallAsync()).Identity is not { } identity)
        {
            return LocalRedirect("/account/sign-in");
        }
        (ProviderName, UserName) = (external.NameOf(identity), identity.Suggestion);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var (identity, returnUrl) = await external.RecallAsync();
        if (IsSignedIn || identity is null)
        {
            return LocalRedirect("/account/sign-in");
        }
        (ProviderName, UserName) = (external.NameOf(identity), (UserName ?? "").Trim());
        var made = await external.SignUpAsync(UserName, identity);
        if (!made.Succeeded)
        {
            Problems.AddRange(made.Errors.Select(e => e.Description));
            return Page();
        }
        ReturnUrl = returnUrl;
        return GoOn();
    }
}
