using ImageRepo.Web.Identity.Consents;
using Microsoft.AspNetCore.Mvc;

namespace ImageRepo.Web.Pages.Developer;

internal sealed class AccessModel(GivenAccess access) : DeveloperPage
{
    public IReadOnlyList<AccessCard> Given { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken) => Given = await access.OfAsync(Owner.Value, cancellationToken);

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        var isGone = await access.EndAsync(Owner.Value, id, cancellationToken);
        Notice.Leave(TempData, isGone ? "It has no access any more." : "It had no access any more.");
        return LocalRedirect("/developer/access");
    }
}
