using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using AccountSessions = ImageRepo.Web.Identity.Sessions.Sessions;

namespace ImageRepo.Web.Pages.Account;

internal sealed class SessionsModel(UserManager<User> users, AccountSessions sessions, SignInManager<User> signIn, AuditLog audit) : OwnAccountPage(users)
{
    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    public Guid? Current => AccountSessions.IdOf(User);

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Sessions = await sessions.ListAsync((await OwnerAsync()).Id, cancellationToken);

    public async Task<IActionResult> OnPostEndAsync(Guid id)
    {
        var user = await OwnerAsync();
        if (!await sessions.EndAsync(user.Id, id))
        {
            return NotFound();
        }
        audit.Write(AuditEvent.SessionEnded, user.Id);
        Notice.Leave(TempData, "That browser is signed out.");
        return Redirect("/account/sessions");
    }

    public async Task<IActionResult> OnPostEverywhereAsync()
    {
        var user = await OwnerAsync();
        // Cookies and tokens carry the stamp, so with it they all end.
        await Users.UpdateSecurityStampAsync(user);
        await sessions.EndOthersAsync(user.Id, User);
        audit.Write(AuditEvent.SignedOutEverywhere, user.Id);
        await signIn.SignOutAsync();
        Notice.Leave(TempData, "You are signed out everywhere.");
        return Redirect("/account/sign-in");
    }
}
