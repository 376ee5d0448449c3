using ImageRepo.GraphQL.Execution;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Identity.Passkeys;

internal static class PasskeyHosting
{
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddScoped<Passkeys>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<BaseAddressOptions>>((passkeys, address) =>
        {
            // Passkeys belong to a host name for ever; without a PublicUrl to that of the request.
            passkeys.ServerDomain = address.Value.Address?.Host;
            // A passkey is all that is asked for: the device must have checked who holds it, and must find it without a user name.
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
        });
    }
}
