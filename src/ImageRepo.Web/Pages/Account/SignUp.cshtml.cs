using System.ComponentModel.DataAnnotations;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Identity.Attempts;
using ImageRepo.Web.Identity.Registration;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace ImageRepo.Web.Pages.Account;

[EnableRateLimiting(nameof(Attempt.SignUp))]
internal sealed class SignUpModel(NewAccounts accounts, SignInManager<User> signIn, KnownDevice device, AuditLog audit, TimeProvider time) : AccountPage
{
    [BindProperty]
    public string UserName { get; set; } = "";

    [BindProperty, DataType(DataType.Password)]
    public string Password { get; set; } = "";

    [BindProperty, DataType(DataType.Password)]
    public string ConfirmPassword { get; set; } = "";

    /// <summary>The code of an invitation, where one is needed; links in invitations bring it along.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Invitation { get; set; }

    public RegistrationMode Mode => accounts.Mode;

    public IActionResult OnGet() => IsSignedIn ? GoOn() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        UserName = (UserName ?? "").Trim();
        Problems.AddRange(WhatIsMissing());
        if (Problems.Count > 0)
        {
            return Page();
        }
        var user = new User { UserName = UserName, CreatedAt = time.GetUtcNow() };
        var made = await accounts.SignUpAsync(user, Password, Invitation);
        if (!made.Succeeded)
        {
            Problems.AddRange(made.Errors.Select(e => e.Description));
            return Page();
        }
        audit.Write(AuditEvent.SignedUp, user.Id);
        await signIn.SignInAsync(user, isPersistent: true);
        device.Remember(user);
        return GoOn();
    }

    private IEnumerable<string> WhatIsMissing()
    {
        if (Mode == RegistrationMode.Invite && string.IsNullOrWhiteSpace(Invitation))
        {
            yield return "Enter your invitation code.";
        }
        if (UserName.Length == 0)
        {
            yield return "Choose a user name.";
        }
        if (UserName.Length > AccountHosting.UserNameMaxLength)
        {
            yield return $"The user name is too long: {AccountHosting.UserNameMaxLength} characters are the most.";
        }
        if (string.IsNullOrEmpty(Password))
        {
            yield return "Choose a password.";
        }
        else if (Password != ConfirmPassword)
        {
            yield return "The two passwords differ. Type the same one twice.";
        }
    }
}
