using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Certificates;

/// <summary>The keys of Data Protection, which protect sessions and forms. They renew themselves; this is for operators who want it sooner.</summary>
public sealed class SessionKeys(IKeyManager keys, IOptions<KeyManagementOptions> options, TimeProvider time)
{
    /// <summary>A node reads the keys anew once a day at least.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(2);

    /// <summary>Makes a new key.</summary>
    /// <param name="revoke">The old ones are void at once: every session ends.</param>
    /// <returns>When the new key takes over.</returns>
    public DateTimeOffset Rotate(bool revoke)
    {
        var now = time.GetUtcNow();
        if (revoke)
        {
            keys.RevokeAllKeys(now, "An operator revoked them.");
        }
        var from = revoke ? now : now + Notice;
        keys.CreateNewKey(from, from + options.Value.NewKeyLifetime);
        return from;
    }
}
