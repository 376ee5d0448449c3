using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity;

/// <summary>Section <c>Demo</c>.</summary>
internal sealed class DemoOptions
{
    /// <summary>On in Development unless set. Outside Development, or where other machines can reach the server, it stays off whatever is set.</summary>
    public bool? Enabled { get; set; }
}

/// <summary>
/// The account with which a newcomer tries the product. Everybody knows its password, so it exists in Development alone and
/// opens only while nobody but this machine can reach the server.
/// </summary>
internal sealed partial class DemoAccount(
    IServiceScopeFactory scopes, IOptions<DemoOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<DemoAccount> log)
{
    public const string UserName = "user";
    public const string Password = "userPass";

    private bool _isOpen;

    /// <summary>Called once the server knows its addresses. Makes the account if it is missing; true when one can sign in with it.</summary>
    public async Task<bool> OpenAsync(bool isReachedFromHereAlone, CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() || !(options.Value.Enabled ?? true) || !isReachedFromHereAlone)
        {
            return false;
        }
        _isOpen = true;
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByNameAsync(UserName) is { } existing)
        {
            return await users.CheckPasswordAsync(existing, Password);
        }
        var made = await users.CreateAsync(new User { UserName = UserName, CreatedAt = time.GetUtcNow() }, Password);
        if (!made.Succeeded)
        {
            LogNotMade(string.Join(" ", made.Errors.Select(e => e.Description)));
        }
        return made.Succeeded;
    }

    /// <summary>These are the demo account's words, and it is open.</summary>
    public bool Owns(string userName, string password) => _isOpen && IsDemo(userName, password);

    /// <summary>These are the demo account's words, and it is closed: also when an earlier start has made it in this database.</summary>
    public bool Refuses(string userName, string password) => !_isOpen && IsDemo(userName, password);

    private static bool IsDemo(string userName, string password) =>
        userName.Equals(UserName, StringComparison.OrdinalIgnoreCase) && password == Password;

    [LoggerMessage(LogLevel.Warning, "The demo account could not be made: {Reason}")]
    private partial void LogNotMade(string reason);
}
