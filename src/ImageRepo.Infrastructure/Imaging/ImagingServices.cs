using ImageRepo.Domain.Pictures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Imaging;

internal static class ImagingServices
{
    /// <summary>Adds the picture reader. It wants <see cref="Domain.Images.ImageLimits"/> as a singleton.</summary>
    internal static IServiceCollection AddImaging(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ImagingOptions>().Bind(configuration.GetSection(ImagingOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        // One gate a process.
        return services.AddSingleton<IPictureReader, NetVipsPictureReader>();
    }
}
