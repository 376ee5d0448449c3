using ImageRepo.Web.Identity.Tokens;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages.Connect;

/// <summary>
/// Between the sign-in form and the application's request. Browsers follow a form's redirects only to addresses that its page's policy
/// names; the application's is not known there, so a page of its own begins anew.
/// </summary>
internal sealed class ContinueModel : PageModel
{
    public string Next => Endpoints.Authorization + Request.QueryString;
}
