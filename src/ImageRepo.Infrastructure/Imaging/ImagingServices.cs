using ImageRepo.Domain.Pictures;
using ImageRepo.Domain.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Imaging;

internal static class ImagingServices
{
    /// <summary>Adds the picture reader. It wants <see cref="Domain.Images.ImageLimits"/> as a singleton.</summary>
    internal static IServiceCollection AddImaging(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ImagingOptions>().Bind(configuration.GetSection(ImagingOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        // One gate a process.
        services.AddSingleton<IPictureReader, NetVipsPictureReader>();
        return services.AddSingleton(s => new OnDemandRenditions(
            s.GetRequiredService<IServiceScopeFactory>(), s.GetRequiredService<IObjectStore>(), s.GetRequiredService<IPictureReader>(),
            s.GetRequiredService<IOptions<ImagingOptions>>(), s.GetRequiredService<IHostApplicationLifetime>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<OnDemandRenditions>>()));
    }
}
