using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Account;

internal sealed class PasswordModel(UserManager<User> users, NewPassword passwords, OwnerProof proof, SignInManager<User> signIn, Sessions sessions, AuditLog audit) : OwnAccountPage(users)
{
    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? NewPassword { get; set; }

    [BindProperty]
    public string? ConfirmPassword { get; set; }

    public bool HasPassword { get; private set; }

    public async Task OnGetAsync() => HasPassword = (await OwnerAsync()).PasswordHash is not null;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var user = await OwnerAsync();
        HasPassword = user.PasswordHash is not null;
        if (string.IsNullOrEmpty(NewPassword))
        {
            Problems.Add("Choose a new password.");
        }
        else if (NewPassword != ConfirmPassword)
        {
            Problems.Add("The two new passwords differ. Type the same one twice.");
        }
        else if (await proof.CheckAsync(user, User, Password) is { } refusal)
        {
            Problems.Add(refusal);
        }
        else
        {
            Problems.AddRange((await passwords.SetAsync(user, NewPassword, cancellationToken)).Errors.Select(e => e.Description));
        }
        if (Problems.Count > 0)
        {
            return Page();
        }
        audit.Write(AuditEvent.PasswordChanged, user.Id);
        await sessions.EndOthersAsync(user.Id, User);
        await signIn.RefreshSignInAsync(user);
        Notice.Leave(TempData, "Your password is changed.");
        return Redirect("/account");
    }
}
