using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Hosting;
using ImageRepo.Web.Identity;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace ImageRepo.Web.Pages.Connect;

// As with the request for access: an application may send a form, and the person's answer has its token checked by hand.
[IgnoreAntiforgeryToken]
internal sealed class EndSessionModel(SignInManager<User> signIn, IAntiforgery antiforgery, AuditLog audit) : PageModel
{
    public const string Answer = "answer";

    public IEnumerable<(string Name, string Value)> Parameters { get; private set; } = [];

    public Task<IActionResult> OnGetAsync() => AnswerAsync(isAnswered: false);

    public async Task<IActionResult> OnPostAsync()
    {
        var isAnswered = Request.Form.ContainsKey(Answer);
        return isAnswered && !await antiforgery.IsRequestValidAsync(HttpContext) ? BadRequest() : await AnswerAsync(isAnswered);
    }

    private async Task<IActionResult> AnswerAsync(bool isAnswered)
    {
        var request = HttpContext.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("OpenIddict lets no other request through.");
        // A link on any page could sign people out, so they are asked.
        if (User.Identity?.IsAuthenticated == true && !isAnswered)
        {
            if (Uri.TryCreate(request.PostLogoutRedirectUri, UriKind.Absolute, out var destination))
            {
                HttpContext.LetFormsLeadTo(destination);
            }
            Parameters = request.GetParameters().Where(p => p.Key is not PageHosting.TokenField).Select(p => (p.Key, (string?)p.Value ?? ""));
            return Page();
        }
        if (Guid.TryParse(signIn.UserManager.GetUserId(User), out var account))
        {
            audit.Write(AuditEvent.SignedOut, account, request.ClientId);
        }
        await signIn.SignOutAsync();
        // To the address that the application has registered for it, where it named one; else home.
        return SignOut(new AuthenticationProperties { RedirectUri = "/" }, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
