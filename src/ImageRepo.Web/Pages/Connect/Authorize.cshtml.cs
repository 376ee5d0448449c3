using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Clients;
using ImageRepo.Web.Hosting;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.Consents;
using ImageRepo.Web.Identity.Tokens;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Pages.Connect;

// Applications may send their request as a form, which can have no token of ours; the token of the person's answer is checked by hand.
[IgnoreAntiforgeryToken]
internal sealed class AuthorizeModel(
    SignInManager<User> signIn, TokenPrincipals principals, Consent consent, OpenIddictApplicationManager<ClientApplication> applications,
    IAntiforgery antiforgery, AuditLog audit, TimeProvider time) : PageModel
{
    public const string Answer = "answer";
    public const string Allow = "allow";

    public ConsentQuestion Question { get; private set; } = null!;

    /// <summary>The application's request, to be sent again with the answer.</summary>
    public IEnumerable<(string Name, string Value)> Parameters { get; private set; } = [];

    public Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => AnswerAsync(null, cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var answer = (string?)Request.Form[Answer];
        if (answer is not null && !await antiforgery.IsRequestValidAsync(HttpContext))
        {
            return BadRequest();
        }
        return await AnswerAsync(answer, cancellationToken);
    }

    private async Task<IActionResult> AnswerAsync(string? answer, CancellationToken cancellationToken)
    {
        var request = HttpContext.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("OpenIddict lets no other request through.");
        var session = await HttpContext.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        var start = SessionStart.Of(session.Properties);
        if (await signIn.ValidateSecurityStampAsync(session.Principal) is not { } user || (answer is null && SessionStart.IsTooOld(start, request, time.GetUtcNow())))
        {
            return await SendToSignInAsync(request);
        }
        var application = await applications.FindByClientIdAsync(request.ClientId!, cancellationToken)
            ?? throw new InvalidOperationException("OpenIddict lets no unknown client through.");
        var scopes = request.GetScopes();
        var canBeKept = await consent.CanBeKeptAsync(application, request.RedirectUri, cancellationToken);
        var kept = canBeKept && answer is null && !request.HasPromptValue(PromptValues.Consent)
            ? await consent.FindAsync(user.Id, application, scopes, cancellationToken)
            : null;
        if (answer == Allow)
        {
            audit.Write(AuditEvent.ConsentGiven, user.Id, request.ClientId, "code");
        }
        if (answer == Allow || kept is not null)
        {
            var principal = principals.Create(user, scopes, start);
            principal.SetAuthorizationId(canBeKept ? kept ?? await consent.KeepAsync(user.Id, application, scopes, cancellationToken) : null);
            return SignIn(principal, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        }
        if (answer is not null)
        {
            return Refuse(Errors.AccessDenied, "The person said no.");
        }
        if (request.HasPromptValue(PromptValues.None))
        {
            return Refuse(Errors.ConsentRequired, "The person must be asked first.");
        }
        return await AskAsync(request, application, cancellationToken);
    }

    private async Task<IActionResult> AskAsync(OpenIddictRequest request, ClientApplication application, CancellationToken cancellationToken)
    {
        var destination = new Uri(request.RedirectUri!);
        HttpContext.LetFormsLeadTo(destination);
        Question = ConsentQuestion.Of(request.ClientId!, await applications.GetLocalizedDisplayNameAsync(application, cancellationToken), request.GetScopes(), destination);
        Parameters = ParametersOf(request);
        return Page();
    }

    /// <summary>Signed out first when the session is too old, since the sign-in page passes on who is signed in.</summary>
    private async Task<IActionResult> SendToSignInAsync(OpenIddictRequest request)
    {
        if (request.HasPromptValue(PromptValues.None))
        {
            return Refuse(Errors.LoginRequired, "The person must sign in first.");
        }
        await signIn.SignOutAsync();
        // What was asked for is done by then; to ask for it again would be to ask for ever.
        string[] done = [OpenIddictConstants.Parameters.MaxAge, OpenIddictConstants.Parameters.Prompt];
        var parameters = ParametersOf(request).Where(p => !done.Contains(p.Name)).Select(p => KeyValuePair.Create(p.Name, (string?)p.Value)).ToList();
        var prompts = string.Join(' ', request.GetPromptValues().Where(p => p != PromptValues.Login));
        if (prompts.Length > 0)
        {
            parameters.Add(KeyValuePair.Create(OpenIddictConstants.Parameters.Prompt, (string?)prompts));
        }
        return Challenge(new AuthenticationProperties { RedirectUri = Endpoints.Continuation + QueryString.Create(parameters) }, IdentityConstants.ApplicationScheme);
    }

    private static IEnumerable<(string Name, string Value)> ParametersOf(OpenIddictRequest request) => request.GetParameters()
        .Where(p => p.Key is not Answer and not PageHosting.TokenField)
        .Select(p => (p.Key, (string?)p.Value ?? ""));

    private ForbidResult Refuse(string error, string description) => Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
}
