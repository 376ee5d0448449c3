using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Account;

internal sealed class DeleteModel(
    UserManager<User> users, OwnerProof proof, AccountDeletion deletion, SignInManager<User> signIn, PageSchema schema, AuditLog audit) : OwnAccountPage(users)
{
    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public bool IsSure { get; set; }

    public bool HasPassword { get; private set; }

    public int ImageCount { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken) => await ShowAsync(await OwnerAsync(), cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var user = await OwnerAsync();
        var problem = IsSure ? await proof.CheckAsync(user, User, Password) : "Tick the box if you are sure.";
        if (problem is not null)
        {
            Problems.Add(problem);
            await ShowAsync(user, cancellationToken);
            return Page();
        }
        // What has begun is finished, whether or not somebody waits for it.
        await deletion.DeleteAsync(user.OwnerId, CancellationToken.None);
        audit.Write(AuditEvent.AccountDeleted, user.Id);
        await signIn.SignOutAsync();
        Notice.Leave(TempData, "Your account and everything in it is deleted.");
        return Redirect("/");
    }

    private async Task ShowAsync(User user, CancellationToken cancellationToken)
    {
        HasPassword = user.PasswordHash is not null;
        ImageCount = (await schema.ExecuteAsync<DeleteData>("Account/Delete", new Dictionary<string, object?>(), cancellationToken)).Me.Usage.ImageCount;
    }

    internal sealed record DeleteData(MeData Me);

    internal sealed record MeData(UsageData Usage);

    internal sealed record UsageData(int ImageCount);
}
