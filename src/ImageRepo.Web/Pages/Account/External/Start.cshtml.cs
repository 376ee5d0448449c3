using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.Attempts;
using ImageRepo.Web.Identity.External;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;

namespace ImageRepo.Web.Pages.Account.External;

/// <summary>
/// Sends somebody to a provider, to sign in or to link it. A form starts it, so that no other site can. Its answer is a page that leads on, since browsers
/// hold back a form's redirect to an address that the form's own page doesn't name.
/// </summary>
[EnableRateLimiting(nameof(Attempt.SignIn))]
internal sealed partial class StartModel(ExternalProviders providers, UserManager<User> users, OwnerProof proof, IServiceProvider services, ILogger<StartModel> log) : AccountPage
{
    /// <summary>In the state that the provider sends back: the account that it is to be linked to.</summary>
    public const string LinkTo = "linkTo";

    public ExternalProvider Provider { get; private set; } = null!;

    /// <summary>Where the provider is; null when it doesn't answer.</summary>
    public string? Next { get; private set; }

    [BindProperty]
    public bool IsLink { get; set; }

    public IActionResult OnGet() => LocalRedirect("/account/sign-in");

    public async Task<IActionResult> OnPostAsync(string? provider, string? password, CancellationToken cancellationToken)
    {
        if (providers.Find(provider) is not { } known)
        {
            return NotFound();
        }
        Provider = known;
        if (IsLink)
        {
            if (await users.GetUserAsync(User) is not { } user)
            {
                return Challenge();
            }
            // A link is a way in for good.
            if (await proof.CheckAsync(user, User, password) is { } problem)
            {
                Problems.Add(problem);
                Response.StatusCode = StatusCodes.Status400BadRequest;
                return Page();
            }
        }
        if (!await AnswersAsync(cancellationToken))
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Page();
        }
        await HttpContext.ChallengeAsync(OpenIddictClientAspNetCoreDefaults.AuthenticationScheme, Properties());
        Next = Response.Headers.Location;
        Response.Headers.Remove("Location");
        Response.StatusCode = StatusCodes.Status200OK;
        return Page();
    }

    private AuthenticationProperties Properties()
    {
        var properties = new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictClientAspNetCoreConstants.Properties.RegistrationId] = Provider.Id,
        })
        {
            RedirectUri = NextHere,
        };
        if (IsLink)
        {
            properties.Items[LinkTo] = AccountId;
        }
        return properties;
    }

    /// <summary>Asked first for what it says of itself, which is kept for a while; most that can fail fails here.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<OpenIddictClientService>().GetServerConfigurationByRegistrationIdAsync(Provider.Id, cancellationToken);
            return true;
        }
        catch (InvalidOperationException failure)
        {
            LogUnreachable(failure, Provider.Id);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The provider {Provider} does not tell its configuration")]
    private partial void LogUnreachable(Exception failure, string provider);
}
