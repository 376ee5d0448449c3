using System.Buffers.Text;
using System.Text;
using ImageRepo.Infrastructure.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Identity.Passkeys;

/// <summary>Passkeys of accounts: to add, name, use and remove. Questions and answers are the JSON of the browser's WebAuthn interface.</summary>
internal sealed class Passkeys(UserManager<User> users, SignInManager<User> signIn, KnownDevice device, AuditLog audit)
{
    public const int NameMaxLength = 60;
    private const int MostOfOneAccount = 20;
    private const int AnswerMaxLength = 64 * 1024;

    public async Task<string> AskToAddAsync(User user) =>
        await signIn.MakePasskeyCreationOptionsAsync(new() { Id = user.Id.ToString(), Name = user.UserName!, DisplayName = user.UserName! });

    /// <returns>Null when it was added; else what to say.</returns>
    public async Task<string?> AddAsync(User user, string? answer, string? name)
    {
        if (await users.GetPasskeysAsync(user) is { Count: >= MostOfOneAccount })
        {
            return $"You have {MostOfOneAccount} passkeys, which is the most. Remove one that you no longer use.";
        }
        if (!TryName(name, out var named))
        {
            return $"Give the passkey a name of 1 to {NameMaxLength} characters.";
        }
        var result = await AnsweredAsync(answer, signIn.PerformPasskeyAttestationAsync);
        if (result is not { Succeeded: true } || result.UserEntity.Id != user.Id.ToString())
        {
            return "The passkey could not be added. Please try again.";
        }
        result.Passkey.Name = named;
        if (!(await users.AddOrUpdatePasskeyAsync(user, result.Passkey)).Succeeded)
        {
            return "The passkey could not be added. Please try again.";
        }
        audit.Write(AuditEvent.PasskeyAdded, user.Id);
        return null;
    }

    public Task<string> AskToSignInAsync() => signIn.MakePasskeyRequestOptionsAsync(null);

    /// <summary>Signs in with one. Wrong passwords don't lock this way in: nobody guesses a passkey.</summary>
    /// <returns>Whose it is; null when it opens no account.</returns>
    public async Task<User?> SignInAsync(string? answer, bool isPersistent)
    {
        var result = await AnsweredAsync(answer, signIn.PerformPasskeyAssertionAsync);
        if (result is not { Succeeded: true } || !await signIn.CanSignInAsync(result.User))
        {
            audit.Write(AuditEvent.SignInRefused, result?.User?.Id, by: "passkey");
            return null;
        }
        // Its counter, by which a copy of it would be noticed.
        await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey);
        await signIn.SignInAsync(result.User, isPersistent, "passkey");
        device.Remember(result.User);
        audit.Write(AuditEvent.SignedIn, result.User.Id, by: "passkey");
        return result.User;
    }

    public async Task<bool> RenameAsync(User user, string? id, string? name)
    {
        if (!TryName(name, out var named) || await FindAsync(user, id) is not { } passkey)
        {
            return false;
        }
        passkey.Name = named;
        if (!(await users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded)
        {
            return false;
        }
        audit.Write(AuditEvent.PasskeyRenamed, user.Id);
        return true;
    }

    /// <returns>False when the account has no such passkey.</returns>
    public async Task<bool> RemoveAsync(User user, string? id)
    {
        if (await FindAsync(user, id) is not { } passkey || !(await users.RemovePasskeyAsync(user, passkey.CredentialId)).Succeeded)
        {
            return false;
        }
        audit.Write(AuditEvent.PasskeyRemoved, user.Id);
        return true;
    }

    private async Task<UserPasskeyInfo?> FindAsync(User user, string? id) =>
        id is { Length: > 0 and < 2048 } && Base64Url.IsValid(id) ? await users.GetPasskeyAsync(user, Base64Url.DecodeFromChars(id)) : null;

    /// <returns>Null for an answer that nobody asked for, such as one that is sent a second time.</returns>
    private static async Task<TResult?> AnsweredAsync<TResult>(string? answer, Func<string, Task<TResult>> perform)
        where TResult : class
    {
        if (string.IsNullOrEmpty(answer) || answer.Length > AnswerMaxLength)
        {
            return null;
        }
        try
        {
            return await perform(answer);
        }
        catch (InvalidOperationException)
        {
            // What was asked is kept in a cookie until it is answered. The framework takes an answer without it for a defect of the program.
            return null;
        }
    }

    private static bool TryName(string? text, out string name)
    {
        name = (text ?? "").Trim();
        return name.Length is > 0 and <= NameMaxLength && !name.EnumerateRunes().Any(r => Rune.IsControl(r) || r == Rune.ReplacementChar);
    }
}
