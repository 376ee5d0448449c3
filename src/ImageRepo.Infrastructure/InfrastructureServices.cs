using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Analysis;
using ImageRepo.Infrastructure.Backups;
using ImageRepo.Infrastructure.Certificates;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.Imaging;
using ImageRepo.Infrastructure.Imports;
using ImageRepo.Infrastructure.Jobs;
using ImageRepo.Infrastructure.Mail;
using ImageRepo.Infrastructure.Notifications;
using ImageRepo.Infrastructure.ObjectStorage;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Infrastructure.Uploads;
using ImageRepo.Infrastructure.Verification;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure;

public static class InfrastructureServices
{
    /// <summary>Database, object store, imaging, analysis and their jobs: all that the domain's ports need.</summary>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ImageLimits>().Bind(configuration.GetSection("Limits"))
            .Validate(l => l is { UploadBytes: > 0, Pixels: > 0, Frames: > 0, TagsPerImage: > 0, ImagesPerCall: > 0 }, "Every value of Limits must be greater than 0.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ImageLimits>>().Value);
        services.AddScoped<ImageUploader>();
        services.AddPersistence(configuration);
        services.AddObjectStorage(configuration);
        services.AddImaging(configuration);
        services.AddImports(configuration);
        services.AddUploads(configuration);
        services.AddAnalysis(configuration);
        services.AddJobs(configuration);
        services.AddNotifications();
        services.AddSingleton<TokenCertificates>();
        services.AddMail(configuration);
        services.AddBackups();
        services.AddTransient<StoreVerification>();
        services.AddSingleton<SessionKeys>();
        services.AddSingleton<ISealedSecrets, CertificateSecrets>();
        services.AddSingleton<ISealedSecrets, DataProtectionSecrets>();
        services.AddDataProtection().SetApplicationName("ImageRepo").PersistKeysToDbContext<ImageRepoDbContext>().ProtectKeysWithMasterKey();
        return services;
    }
}
