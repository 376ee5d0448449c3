using System.Security.Claims;
using ImageRepo.Domain.Accounts;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages.Developer;

/// <summary>What the pages of <c>/developer/</c> share: whose they are, and what went wrong.</summary>
internal abstract class DeveloperPage : PageModel
{
    public List<string> Problems { get; } = [];

    protected OwnerId Owner => new(Guid.Parse(User.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("The page is for people who are signed in.")));
}
