using System.Net;
using ImageRepo.Domain.Imports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Imports;

internal static class ImportServices
{
    public static IServiceCollection AddImports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ImportOptions>().Bind(configuration.GetSection(ImportOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ImportOptions>, ImportOptionsValidator>();
        services.AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync);
        services.AddSingleton<CheckedConnections>();
        services.AddSingleton<IRemoteFiles, HttpRemoteFiles>();
        services.AddSingleton(provider => new ImportTurns(provider.GetRequiredService<IOptions<ImportOptions>>().Value.PerOwner));
        services.AddScoped<ImageImporter>();
        return services;
    }
}
