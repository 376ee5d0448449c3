using ImageRepo.Web.Identity.Applications;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Developer;

internal sealed class ApplicationsModel(RegisteredApplications applications) : DeveloperPage
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public ApplicationKind Kind { get; set; } = ApplicationKind.Server;

    [BindProperty]
    public string? RedirectAddresses { get; set; }

    [BindProperty]
    public string? AddressesAfterSignOut { get; set; }

    public IReadOnlyList<ApplicationCard> Registered { get; private set; } = [];

    /// <summary>Shown in the answer to the form and nowhere else, so that the secret is in no cookie and no address.</summary>
    public Credentials? Made { get; private set; }

    public Task OnGetAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var kind = Kind is ApplicationKind.Script ? (ApplicationKind)(-1) : Kind;
        if (NewApplication.Parse(Name, kind, RedirectAddresses, AddressesAfterSignOut, [], Problems) is { } wanted)
        {
            Made = await applications.RegisterAsync(Owner, wanted, cancellationToken);
            if (Made is null)
            {
                Problems.Add($"You have {RegisteredApplications.MostOfOneAccount} applications and scripts, which is the most. Remove one first.");
            }
            else
            {
                (Name, RedirectAddresses, AddressesAfterSignOut) = (null, null, null);
            }
        }
        await ListAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        var isGone = await applications.RemoveAsync(Owner, id, cancellationToken);
        Notice.Leave(TempData, isGone ? "The application is removed." : "There was no such application any more.");
        return LocalRedirect("/developer/applications");
    }

    private async Task ListAsync(CancellationToken cancellationToken) =>
        Registered = [.. (await applications.OfAsync(Owner, cancellationToken)).Where(a => a.Kind is not ApplicationKind.Script)];
}
