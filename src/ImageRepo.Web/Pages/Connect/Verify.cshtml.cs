using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Clients;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.Attempts;
using ImageRepo.Web.Identity.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Pages.Connect;

/// <summary>Where a person types the code that a device shows, and says whether it may have access.</summary>
[EnableRateLimiting(nameof(Attempt.DeviceCode))]
internal sealed class VerifyModel(
    SignInManager<User> signIn, TokenPrincipals principals, OpenIddictApplicationManager<ClientApplication> applications, AccountAttempts attempts, AuditLog audit) : PageModel
{
    private const string Allowed = "allowed";
    private const string Denied = "denied";

    public List<string> Problems { get; } = [];

    [BindProperty(Name = "user_code", SupportsGet = true)]
    public string? UserCode { get; set; }

    public ConsentQuestion? Question { get; private set; }

    public string? Outcome { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? outcome, CancellationToken cancellationToken)
    {
        Outcome = outcome switch
        {
            Allowed => "Your device is connected",
            Denied => "Your device was not let in",
            _ => null,
        };
        if (Outcome is not null || string.IsNullOrEmpty(UserCode))
        {
            return Page();
        }
        return Refusal(signIn.UserManager.GetUserId(User)) ?? await AskAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(string? answer, CancellationToken cancellationToken)
    {
        var device = await HttpContext.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var session = await HttpContext.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        if (await signIn.ValidateSecurityStampAsync(session.Principal) is not { } user)
        {
            return Challenge(IdentityConstants.ApplicationScheme);
        }
        if (Refusal(user.Id.ToString()) is { } refusal)
        {
            return refusal;
        }
        // An unknown code is no failure to OpenIddict: nobody's application asks by it.
        if (device is not { Succeeded: true, Principal: { } asked } || asked.GetClaim(Claims.ClientId) is not { } application)
        {
            return await AskAsync(cancellationToken);
        }
        if (answer == "allow")
        {
            audit.Write(AuditEvent.ConsentGiven, user.Id, application, "device code");
            return SignIn(principals.Create(user, asked.GetScopes(), SessionStart.Of(session.Properties)), Back(Allowed), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        }
        return Forbid(Back(Denied), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>Every code counts, right or wrong, before it is looked for: a guess too many learns nothing even where it is right.</summary>
    private StatusCodeResult? Refusal(string? account)
    {
        if (attempts.Refuse(Attempt.DeviceCode, account ?? "") is not { } wait)
        {
            return null;
        }
        new TooMany(wait).Tell(HttpContext);
        return StatusCode(StatusCodes.Status429TooManyRequests);
    }

    private async Task<IActionResult> AskAsync(CancellationToken cancellationToken)
    {
        var device = await HttpContext.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (device is { Succeeded: true, Principal: { } asked } && asked.GetClaim(Claims.ClientId) is { } clientId
            && await applications.FindByClientIdAsync(clientId, cancellationToken) is { } application)
        {
            Question = ConsentQuestion.Of(clientId, await applications.GetLocalizedDisplayNameAsync(application, cancellationToken), asked.GetScopes());
            return Page();
        }
        Problems.Add("This code is wrong, was used already, or is too old. Codes are good for a quarter of an hour; let your device show a new one.");
        return Page();
    }

    private static AuthenticationProperties Back(string outcome) => new() { RedirectUri = $"{Endpoints.Verification}?outcome={outcome}" };
}
