using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity.External;
using ImageRepo.Web.Identity.Sessions;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Pages.Account;

internal sealed class IndexModel(UserManager<User> users, Sessions sessions, ExternalProviders providers) : OwnAccountPage(users)
{
    public DateTimeOffset Since { get; private set; }

    public string? Email { get; private set; }

    public bool HasPassword { get; private set; }

    /// <summary>Whether there are other accounts to sign in by, or there once were.</summary>
    public bool HasProviders { get; private set; }

    public int PasskeyCount { get; private set; }

    public int SessionCount { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var user = await OwnerAsync();
        (Since, Email, HasPassword) = (user.CreatedAt, user.EmailConfirmed ? user.Email : null, user.PasswordHash is not null);
        HasProviders = providers.All.Count > 0 || (await Users.GetLoginsAsync(user)).Count > 0;
        PasskeyCount = (await Users.GetPasskeysAsync(user)).Count;
        SessionCount = (await sessions.ListAsync(user.Id, cancellationToken)).Count;
    }
}
