using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages.Account;

/// <summary>What the pages of <c>/account/</c> share: where to go afterwards, and what went wrong.</summary>
internal abstract class AccountPage : PageModel
{
    /// <summary>Where the person wanted to go; followed only within this product.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public List<string> Problems { get; } = [];

    protected bool IsSignedIn => User.Identity?.IsAuthenticated == true;

    /// <summary>Of who is signed in.</summary>
    protected string? AccountId => User.FindFirstValue(ClaimTypes.NameIdentifier);

    /// <summary>Where to go on to: an address of this product, or the library.</summary>
    // A header holds ASCII alone; addresses that the product makes are escaped.
    protected string NextHere => Url.IsLocalUrl(ReturnUrl) && Ascii.IsValid(ReturnUrl) ? ReturnUrl! : "/images";

    protected IActionResult GoOn() => LocalRedirect(NextHere);
}
