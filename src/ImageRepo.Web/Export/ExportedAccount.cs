using System.Text.Json;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Web.Identity.Sessions;
using Microsoft.AspNetCore.Identity;

namespace ImageRepo.Web.Export;

/// <summary>What is known of an account beside its images. No secret is: neither the password's hash nor any key or token.</summary>
internal sealed class ExportedAccount(UserManager<User> users, Sessions sessions, TimeProvider time)
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
        writer.WriteEndObject();
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
