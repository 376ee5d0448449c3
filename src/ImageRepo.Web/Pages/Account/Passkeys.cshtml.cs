using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using AccountPasskeys = ImageRepo.Web.Identity.Passkeys.Passkeys;

namespace ImageRepo.Web.Pages.Account;

internal sealed class PasskeysModel(UserManager<User> users, AccountPasskeys passkeys, WaysIn ways, OwnerProof proof) : OwnAccountPage(users)
{
    public IReadOnlyList<UserPasskeyInfo> Passkeys { get; private set; } = [];

    public bool HasPassword { get; private set; }

    public string SuggestedName => DeviceName.Of(Request.Headers.UserAgent.ToString());

    public async Task OnGetAsync() => await ShowAsync(await OwnerAsync());

    /// <summary>What the browser's script asks for before it makes one.</summary>
    public async Task<IActionResult> OnPostOptionsAsync() => Content(await passkeys.AskToAddAsync(await OwnerAsync()), "application/json");

    public async Task<IActionResult> OnPostAddAsync(string? answer, string? name, string? password)
    {
        var user = await OwnerAsync();
        var problem = await proof.CheckAsync(user, User, password) ?? await passkeys.AddAsync(user, answer, name);
        return await DoneAsync(user, problem, "The passkey was added. From now on you can sign in with it.");
    }

    public async Task<IActionResult> OnPostRenameAsync(string? id, string? name)
    {
        var user = await OwnerAsync();
        return await DoneAsync(user, await passkeys.RenameAsync(user, id, name) ? null : $"A passkey's name has 1 to {AccountPasskeys.NameMaxLength} characters.", "The passkey was renamed.");
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? id)
    {
        var user = await OwnerAsync();
        if (!await ways.CanLoseOneAsync(user))
        {
            return await DoneAsync(user, "This passkey is your only way in. Set a password first.", "");
        }
        return await DoneAsync(user, await passkeys.RemoveAsync(user, id) ? null : "There is no such passkey any more.", "The passkey was removed.");
    }

    private async Task<IActionResult> DoneAsync(User user, string? problem, string done)
    {
        if (problem is not null)
        {
            Problems.Add(problem);
            await ShowAsync(user);
            return Page();
        }
        Notice.Leave(TempData, done);
        return Redirect("/account/passkeys");
    }

    private async Task ShowAsync(User user)
    {
        HasPassword = user.PasswordHash is not null;
        Passkeys = [.. (await Users.GetPasskeysAsync(user)).OrderBy(p => p.CreatedAt)];
    }
}
