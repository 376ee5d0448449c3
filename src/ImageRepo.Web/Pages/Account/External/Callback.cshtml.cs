using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.External;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ImageRepo.Web.Pages.Account.External;

/// <summary>Where a provider leads people back to. OpenIddict has checked its answer by then: state, this browser's cookie, code, verifier, nonce and tokens.</summary>
internal sealed class CallbackModel(ExternalProviders providers, ExternalSignIn external, UserManager<User> users, AuditLog audit, IServiceProvider services) : AccountPage
{
    public bool IsLink { get; private set; }

    public async Task<IActionResult> OnGetAsync(string provider, CancellationToken cancellationToken)
    {
        if (providers.Find(provider) is not { } known)
        {
            return NotFound();
        }
        if (HttpContext.GetOpenIddictClientResponse() is { Error: { } error })
        {
            audit.Write(AuditEvent.SignInRefused, by: known.Id);
            return Problem(error == Errors.AccessDenied
                ? $"{known.Name} says that you didn't want to. Nothing has changed."
                : $"{known.Name} and ImageRepo didn't come to an answer: it took too long, was opened in another browser or a second time, or {known.Name} has trouble. Please start again.");
        }
        var result = await HttpContext.AuthenticateAsync(OpenIddictClientAspNetCoreDefaults.AuthenticationScheme);
        if (result is not { Succeeded: true, Principal: { } principal, Properties: { } properties })
        {
            return NotFound(); // Opened by itself, without anything from a provider.
        }
        var registration = await services.GetRequiredService<OpenIddictClientService>().GetClientRegistrationByIdAsync(known.Id, cancellationToken);
        if (ExternalIdentity.Of(known.Id, registration.Issuer!, principal) is not { } identity)
        {
            return Problem($"{known.Name} doesn't say who you are, so that it can't be used here.");
        }
        ReturnUrl = properties.RedirectUri;
        return properties.Items.TryGetValue(StartModel.LinkTo, out var account) ? await LinkAsync(known, identity, account) : await SignInAsync(known, identity);
    }

    private async Task<IActionResult> SignInAsync(ExternalProvider provider, ExternalIdentity identity)
    {
        switch (await external.SignInAsync(identity))
        {
            case ExternalOutcome.SignedIn:
                return GoOn();
            case ExternalOutcome.IsUnknown:
                await external.RememberAsync(identity, NextHere);
                return LocalRedirect("/account/external/new");
            default:
                return Problem($"The account that {provider.Name} belongs to can't be used just now.");
        }
    }

    private async Task<IActionResult> LinkAsync(ExternalProvider provider, ExternalIdentity identity, string? account)
    {
        IsLink = true;
        // Whoever began must be who is signed in now, or a link would go to somebody else's account.
        if (AccountId != account || await users.GetUserAsync(User) is not { } user)
        {
            return Problem("You are signed in as somebody else than when you started, or not at all. Nothing has changed.");
        }
        if (await external.LinkAsync(user, identity) != ExternalOutcome.Linked)
        {
            return Problem($"This account at {provider.Name} opens another account here already. Unlink it there first.");
        }
        Notice.Leave(TempData, $"{provider.Name} opens your account now.");
        return LocalRedirect("/account/external");
    }

    private IActionResult Problem(string words)
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        Problems.Add(words);
        return Page();
    }
}
