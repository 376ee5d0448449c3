using ImageRepo.Domain.Uploads;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Infrastructure.ObjectStorage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Uploads;

internal static class UploadServices
{
    // What presigned addresses of S3 can last at most (AWS Signature Version 4).
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Uploads in parts. Wants the object store and the database.</summary>
    public static IServiceCollection AddUploads(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UploadOptions>().Bind(configuration.GetSection("Uploads"))
            .Validate(o => o.PerOwner >= 1 && o.Lifetime >= TimeSpan.FromMinutes(1) && o.Lifetime <= Longest,
                $"Uploads:PerOwner must be at least 1, Uploads:Lifetime from a minute to {Longest.Days} days, written as days.hours:minutes:seconds (1.00:00:00).")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<UploadOptions>>().Value);
        services.AddSingleton(s => new UploadPartTokens(s.GetRequiredService<MasterKeyRing>(), s.GetRequiredService<TimeProvider>()));
        if (StorageOptions.IsS3(configuration))
        {
            services.AddSingleton<IPartTargets, S3PartTargets>();
        }
        else
        {
            services.AddSingleton<IPartTargets, TokenPartTargets>();
        }
        services.AddSingleton<UploadHolds>();
        services.AddScoped<IUploadRegister, UploadRegister>();
        services.AddScoped<DirectUploads>();
        return services;
    }
}
