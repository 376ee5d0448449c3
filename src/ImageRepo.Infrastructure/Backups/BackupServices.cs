using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Backups;

internal static class BackupServices
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddTransient(s => new Backup(
            s.GetRequiredService<Database>(), s.GetRequiredService<IServiceScopeFactory>(), s.GetRequiredService<IObjectStore>(), s.GetRequiredService<DataDirectory>(),
            s.GetRequiredService<MasterKeyRing>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>()));
        services.AddTransient(s => new Restoration(
            s.GetRequiredService<Database>(), s.GetRequiredService<IServiceScopeFactory>(), s.GetRequiredService<IObjectStore>(),
            s.GetRequiredService<MasterKeyRing>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>()));
        return services;
    }
}
