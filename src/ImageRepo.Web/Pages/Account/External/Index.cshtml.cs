using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity.External;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Account.External;

/// <summary>The providers that open one's account.</summary>
internal sealed class IndexModel(UserManager<User> users, ExternalProviders providers, ExternalSignIn external) : AccountPage
{
    public IReadOnlyList<UserLoginInfo> Linked { get; private set; } = [];

    public IReadOnlyList<ExternalProvider> Unlinked { get; private set; } = [];

    public bool HasPassword { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await users.GetUserAsync(User) is { } user ? await ShowAsync(user) : Challenge();

    public async Task<IActionResult> OnPostUnlinkAsync(string? issuer, string? key)
    {
        if (await users.GetUserAsync(User) is not { } user)
        {
            return Challenge();
        }
        if ((await users.GetLoginsAsync(user)).FirstOrDefault(l => l.LoginProvider == issuer && l.ProviderKey == key) is { } login)
        {
            if (!await external.UnlinkAsync(user, login))
            {
                Problems.Add("This is the last way into your account, so it stays. Choose a password, add a passkey or link another account first.");
                return await ShowAsync(user);
            }
            Notice.Leave(TempData, $"{login.ProviderDisplayName} no longer opens your account.");
        }
        return LocalRedirect("/account/external");
    }

    private async Task<IActionResult> ShowAsync(User user)
    {
        HasPassword = user.PasswordHash is not null;
        Linked = [.. await users.GetLoginsAsync(user)];
        // By name: which issuer a provider has, it tells only when asked.
        Unlinked = [.. providers.All.Where(p => Linked.All(l => l.ProviderDisplayName != p.Name))];
        return Page();
    }
}
