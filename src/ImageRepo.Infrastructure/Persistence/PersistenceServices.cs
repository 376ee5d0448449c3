using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Jobs;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ImageRepo.Infrastructure.Persistence;

internal static class PersistenceServices
{
    private static readonly PictureIndex.Preparation SearchPreparation = new();

    public static IServiceCollection AddPersistence(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddIdentitySchema();
        services.AddSingleton<Database>();
        services.AddHostedService(provider => provider.GetRequiredService<Database>());
        services.AddSingleton<Outages>();
        services.AddScoped<OwnerScope>();
        services.AddDbContext<ImageRepoDbContext>((provider, options) =>
            options.UseImageRepoConventions(provider.GetRequiredService<Database>().DataSource));
        services.AddScoped<ImageIndex>();
        services.AddScoped<OwnerLock>();
        services.AddScoped<IImageLibrary, ImageLibrary>();
        services.AddScoped<ISimilarImages, PictureIndex>();
        services.AddScoped(provider => new AccountDeletion(
            provider.GetRequiredService<ImageRepoDbContext>(), provider.GetRequiredService<Sweeper>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AccountDeletion>>()));
        services.AddOptions<QuotaOptions>().Bind(configuration.GetSection("Quota"))
            .Validate(q => q is { MaxImages: null or > 0, MaxBytes: null or > 0 }, "Quota:MaxImages and Quota:MaxBytes must be greater than 0, or left out.")
            .ValidateOnStart();
        return services;
    }

    public static IServiceCollection AddIdentitySchema(this IServiceCollection services) =>
        services.Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3);

    public static DbContextOptionsBuilder UseImageRepoConventions(this DbContextOptionsBuilder options, NpgsqlDataSource dataSource) =>
        options.UseNpgsql(dataSource).Conventions();

    public static DbContextOptionsBuilder<ImageRepoDbContext> UseImageRepoConventions(
        this DbContextOptionsBuilder<ImageRepoDbContext> options, string connectionString)
    {
        options.UseNpgsql(connectionString).Conventions();
        return options;
    }

    private static DbContextOptionsBuilder Conventions(this DbContextOptionsBuilder options) => options
        .UseSnakeCaseNamingConvention()
        .AddInterceptors(SearchPreparation)
        // The tables of tags, colours and counts stand on their own, so that their filters by owner hide nothing of each other's.
        .ConfigureWarnings(warnings => warnings
            .Ignore(CoreEventId.PossibleIncorrectRequiredNavigationWithQueryFilterInteractionWarning)
            // What fails is thrown too: whoever handles it decides whether it is an error, and says it once.
            .Log((CoreEventId.QueryIterationFailed, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
}
