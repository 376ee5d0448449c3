using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Encryption;

public static class DataProtectionBuilderExtensions
{
    /// <summary>Has the stored Data Protection keys encrypted under the master key, wherever they are stored.</summary>
    public static IDataProtectionBuilder ProtectKeysWithMasterKey(this IDataProtectionBuilder builder)
    {
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(services => new ConfigureOptions<KeyManagementOptions>(
            options => options.XmlEncryptor = new MasterKeyXmlEncryptor(services.GetRequiredService<MasterKeyRing>())));
        return builder;
    }
}
