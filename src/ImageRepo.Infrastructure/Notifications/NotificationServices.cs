using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Notifications;

internal static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<ImageChangeFeed>();
        services.AddSingleton<IImageChanges>(provider => provider.GetRequiredService<ImageChangeFeed>());
        services.AddSingleton<INotificationHandler>(provider => provider.GetRequiredService<ImageChangeFeed>());
        services.AddSingleton<INotificationHandler>(provider => provider.GetRequiredService<JobSignal>());
        services.AddHostedService<PostgresListener>();
        return services;
    }
}
