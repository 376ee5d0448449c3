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

    // A header holds ASCII alone; addresses that the product makes are escaped.
    protected IActionResult GoOn() => LocalRedirect(Url.IsLocalUrl(ReturnUrl) && Ascii.IsValid(ReturnUrl) ? ReturnUrl! : "/images");
}
