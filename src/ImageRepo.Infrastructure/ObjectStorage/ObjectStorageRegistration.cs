using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.ObjectStorage;

internal static class ObjectStorageRegistration
{
    /// <summary>The object store, its links and the master key. Settings are read, and wrong ones refused, when the host starts.</summary>
    public static IServiceCollection AddObjectStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => DataDirectory.FromConfiguration(configuration));

        services.AddValidated<EncryptionOptions, EncryptionOptionsValidator>(configuration, EncryptionOptions.Section);
        services.AddValidated<StorageOptions, StorageOptionsValidator>(configuration, StorageOptions.Section);
        services.AddValidated<LinksOptions, LinksOptionsValidator>(configuration, LinksOptions.Section);

        services.AddSingleton<MasterKeyFile>();
        services.AddSingleton(CreateKeys);
        services.AddSingleton(s => new ContentTokens(s.GetRequiredService<MasterKeyRing>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FileSystemObjectStore>();
        services.AddSingleton<IObjectStore>(s => s.GetRequiredService<FileSystemObjectStore>());
        services.AddSingleton<IContentLinks, TokenContentLinks>();
        services.AddHostedService<ObjectStorageStart>();
        return services;
    }

    private static void AddValidated<TOptions, TValidator>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }

    private static MasterKeyRing CreateKeys(IServiceProvider services)
    {
        var configured = services.GetRequiredService<IOptions<EncryptionOptions>>().Value.MasterKey;
        return new MasterKeyRing(string.IsNullOrWhiteSpace(configured) ? services.GetRequiredService<MasterKeyFile>().ReadOrCreate() : MasterKey.Parse(configured));
    }

    /// <summary>Opens the store when the host starts, so that a wrong folder or key stops it then and not at the first upload.</summary>
    private sealed class ObjectStorageStart(FileSystemObjectStore store) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            store.CheckMasterKey();
            store.RemoveAbandonedStaging();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
