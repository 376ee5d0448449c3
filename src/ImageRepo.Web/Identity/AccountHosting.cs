using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Identity.Attempts;
using ImageRepo.Web.Identity.External;
using ImageRepo.Web.Identity.Letters;
using ImageRepo.Web.Identity.Passkeys;
using ImageRepo.Web.Identity.Registration;
using ImageRepo.Web.Identity.Sessions;
using ImageRepo.Web.Identity.Tokens;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity;

internal static class AccountHosting
{
    /// <summary>Characters of a user name.</summary>
    public const int UserNameMaxLength = 64;

    public static void AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddAuthorization();
        services.AddIdentityCore<User>(ConfigureIdentity)
            .AddEntityFrameworkStores<ImageRepoDbContext>()
            .AddSignInManager<SessionSignIn>()
            .AddDefaultTokenProviders()
            .AddErrorDescriber<AccountErrors>()
            .AddPasswordValidator<PasswordStrength>();
        services.ConfigureApplicationCookie(ConfigureCookie);

        services.AddOptions<DemoOptions>().Bind(configuration.GetSection("Demo"));
        services.AddSingleton<DemoAccount>();
        services.AddScoped<SignIn>();
        services.AddScoped<NewAccounts>();
        services.AddScoped<NewPassword>();
        services.AddScoped<AccountLetters>();
        services.Configure<DataProtectionTokenProviderOptions>(tokens => tokens.TokenLifespan = TimeSpan.FromHours(1));
        services.AddScoped<Invitations>();
        services.AddOptions<RegistrationOptions>().Bind(configuration.GetSection("Registration")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RegistrationOptions>, RegistrationOptionsCheck>();
        services.AddScoped<Sessions.Sessions>();
        services.AddScoped<OwnerProof>();
        services.AddScoped<WaysIn>();
        services.AddPasskeys();
        services.AddScoped<KnownDevice>();
        services.AddSingleton<AuditLog>();
        services.AddAttemptLimits(configuration);
        services.AddExternalSignIn(configuration);
        services.AddTokens();
    }

    /// <summary>Counts what is tried, and tells who each request is from; the token server answers what is asked of it.</summary>
    public static void UseCallers(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseReadableRequests();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>What has no page: the pages of <c>/account/</c> and <c>/connect/</c> map themselves.</summary>
    public static void MapAccounts(this WebApplication app) => app.MapTokens();

    private static void ConfigureIdentity(IdentityOptions options)
    {
        options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        options.User.AllowedUserNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._@+";
        // Length is what counts (NIST SP 800-63B 3.1.1.2); PasswordStrength refuses the well-known ones.
        options.Password.RequiredLength = PasswordStrength.MinLength;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Lockout.AllowedForNewUsers = true;
        options.Lockout.MaxFailedAccessAttempts = 5;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
    }

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "imagerepo.session";
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.ExpireTimeSpan = Session.Lifetime;
        options.SlidingExpiration = true;
        options.LoginPath = "/account/sign-in";
        options.LogoutPath = "/account/sign-out";
        options.AccessDeniedPath = "/error/403";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnValidatePrincipal = SessionCheck.ValidateAsync;
        // The page itself goes on, after a closer look at the address.
        options.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
    }
}
