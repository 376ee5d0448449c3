using System.Text.Json;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity.Applications;
using ImageRepo.Web.Identity.Consents;
using ImageRepo.Web.Identity.PersonalTokens;
using ImageRepo.Web.Identity.Sessions;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Export;

/// <summary>What is known of an account beside its images. No secret is: neither the password's hash nor any key or token.</summary>
internal sealed class ExportedAccount(
    UserManager<User> users, Sessions sessions, RegisteredApplications applications, GivenAccess access, PersonalTokens tokens, TimeProvider time)
{
    public async Task WriteAsync(User user, Utf8JsonWriter writer, CancellationToken cancellationToken)
    {
        writer.WriteStartObject();
        writer.WriteString("exportedAt", time.GetUtcNow());
        writer.WriteString("userName", user.UserName);
        writer.WriteString("createdAt", user.CreatedAt);
        writer.WriteString("email", user.Email);
        writer.WriteBoolean("hasPassword", user.PasswordHash is not null);
        WriteArray(writer, "passkeys", await users.GetPasskeysAsync(user), passkey =>
        {
            writer.WriteString("name", passkey.Name);
            writer.WriteString("createdAt", passkey.CreatedAt);
        });
        WriteArray(writer, "providers", await users.GetLoginsAsync(user), login => writer.WriteString("name", login.ProviderDisplayName));
        WriteArray(writer, "sessions", await sessions.ListAsync(user.Id, cancellationToken), session =>
        {
            writer.WriteString("device", session.Device);
            writer.WriteString("signedInAt", session.SignedInAt);
            writer.WriteString("lastSeenAt", session.LastSeenAt);
        });
        WriteArray(writer, "applications", await applications.OfAsync(user.OwnerId, cancellationToken), application =>
        {
            writer.WriteString("name", application.Name);
            writer.WriteString("clientId", application.ClientId);
            writer.WriteString("kind", application.Kind.ToString());
            writer.WriteString("createdAt", application.CreatedAt);
            WriteTexts(writer, "redirectAddresses", application.RedirectAddresses);
            // Of a script alone; other applications ask for theirs each time.
            WriteTexts(writer, "scopes", application.Kind is ApplicationKind.Script ? application.Scopes : []);
        });
        WriteArray(writer, "access", await access.OfAsync(user.Id, cancellationToken), given =>
        {
            writer.WriteString("application", given.Name);
            writer.WriteString("since", given.Since);
            WriteTexts(writer, "allows", given.Allows);
        });
        WriteArray(writer, "personalTokens", await tokens.OfAsync(user.Id, cancellationToken), token =>
        {
            writer.WriteString("name", token.Name);
            writer.WriteString("createdAt", token.CreatedAt);
            writer.WriteString("expiresAt", token.ExpiresAt);
            WriteTexts(writer, "scopes", token.Scopes);
        });
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }
        writer.WriteEndArray();
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(item);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
