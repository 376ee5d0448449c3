using ImageRepo.Domain.Storage;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage.FileSystem;
using ImageRepo.Infrastructure.ObjectStorage.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
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
        services.AddSingleton(s => new MasterKeyRotation(
            s.GetRequiredService<IOptions<EncryptionOptions>>(), s.GetRequiredService<MasterKeyFile>(), s.GetRequiredService<MasterKeyRing>(), s.GetServices<ISealedSecrets>()));
        services.AddSingleton(s => new ContentTokens(s.GetRequiredService<MasterKeyRing>(), s.GetRequiredService<TimeProvider>()));
        return StorageOptions.IsS3(configuration) ? services.AddS3(configuration) : services.AddFileSystem();
    }

    private static IServiceCollection AddFileSystem(this IServiceCollection services)
    {
        services.AddSingleton<FileSystemObjectStore>();
        services.AddSingleton<ISealedSecrets, ObjectSecrets>();
        services.AddSingleton<IObjectStore>(s => s.GetRequiredService<FileSystemObjectStore>());
        services.AddSingleton<IContentLinks, TokenContentLinks>();
        services.AddHostedService<FileSystemStart>();
        return services;
    }

    private static IServiceCollection AddS3(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<S3Options, S3OptionsValidator>(configuration, S3Options.Section);
        services.AddSingleton(s => new S3Bucket(s.GetRequiredService<IOptions<S3Options>>(), s.GetRequiredService<ILogger<S3Bucket>>()));
        services.AddSingleton<S3Multipart>();
        services.AddSingleton<S3Upload>();
        services.AddSingleton<S3PutLinks>();
        services.AddSingleton<S3BucketCheck>();
        services.AddSingleton<IObjectStore, S3ObjectStore>();
        services.AddSingleton<TokenContentLinks>();
        services.AddSingleton<IContentLinks, S3ContentLinks>();
        services.AddHostedService<S3Start>();
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
        var options = services.GetRequiredService<IOptions<EncryptionOptions>>().Value;
        var retired = options.Retired.Select(MasterKey.Parse).ToList();
        if (!string.IsNullOrWhiteSpace(options.MasterKey))
        {
            return new MasterKeyRing(MasterKey.Parse(options.MasterKey), retired);
        }
        var file = services.GetRequiredService<MasterKeyFile>();
        file.ReadOrCreate();
        return new MasterKeyRing(() => file.Read().With(retired));
    }
}
