using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity.Applications;
using ImageRepo.Web.Identity.PersonalTokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Developer;

internal sealed class TokensModel(PersonalTokens tokens, RegisteredApplications applications, UserManager<User> users) : DeveloperPage
{
    private const string Address = "/developer/tokens";

    public IReadOnlyList<PersonalTokenCard> Tokens { get; private set; } = [];

    public IReadOnlyList<ApplicationCard> Scripts { get; private set; } = [];

    /// <summary>Shown in the answer to the form and nowhere else, as are a script's credentials.</summary>
    public string? MadeToken { get; private set; }

    public Credentials? MadeScript { get; private set; }

    public Task OnGetAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    public async Task<IActionResult> OnPostTokenAsync(string? name, string[] scopes, int days, CancellationToken cancellationToken)
    {
        if (NewPersonalToken.Parse(name, scopes, days, Problems) is { } wanted)
        {
            var user = await users.GetUserAsync(User);
            if (user is null)
            {
                return Challenge();
            }
            MadeToken = await tokens.CreateAsync(user, wanted, cancellationToken);
            if (MadeToken is null)
            {
                Problems.Add($"You have {PersonalTokens.MostOfOneAccount} personal tokens, which is the most. Take one back first.");
            }
        }
        await ListAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostEndTokenAsync(Guid id, CancellationToken cancellationToken)
    {
        var isGone = await tokens.EndAsync(Owner.Value, id, cancellationToken);
        Notice.Leave(TempData, isGone ? "The token is taken back." : "There was no such token any more.");
        return LocalRedirect(Address);
    }

    public async Task<IActionResult> OnPostScriptAsync(string? name, string[] scopes, CancellationToken cancellationToken)
    {
        if (NewApplication.Parse(name, ApplicationKind.Script, null, null, scopes, Problems) is { } wanted)
        {
            MadeScript = await applications.RegisterAsync(Owner, wanted, cancellationToken);
            if (MadeScript is null)
            {
                Problems.Add($"You have {RegisteredApplications.MostOfOneAccount} applications and scripts, which is the most. Remove one first.");
            }
        }
        await ListAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostEndScriptAsync(Guid id, CancellationToken cancellationToken)
    {
        var isGone = await applications.RemoveAsync(Owner, id, cancellationToken);
        Notice.Leave(TempData, isGone ? "The script has no access any more." : "There was no such script any more.");
        return LocalRedirect(Address);
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        Tokens = await tokens.OfAsync(Owner.Value, cancellationToken);
        Scripts = [.. (await applications.OfAsync(Owner, cancellationToken)).Where(a => a.Kind is ApplicationKind.Script)];
    }
}
