using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity.Sessions;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Pages.Account;

internal sealed class IndexModel(UserManager<User> users, Sessions sessions) : OwnAccountPage(users)
{
    public DateTimeOffset Since { get; private set; }

    public bool HasPassword { get; private set; }

    public int PasskeyCount { get; private set; }

    public int SessionCount { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var user = await OwnerAsync();
        (Since, HasPassword) = (user.CreatedAt, user.PasswordHash is not null);
        PasskeyCount = (await Users.GetPasskeysAsync(user)).Count;
        SessionCount = (await sessions.ListAsync(user.Id, cancellationToken)).Count;
    }
}
