using ImageRepo.Domain.Analysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Jobs;

internal static class JobServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AnalysisJobOptions>().Bind(configuration.GetSection("Analysis"))
            .Validate(o => o is { Workers: >= 1, MaxAttempts: >= 1 } && o.FirstRetry > TimeSpan.Zero && o.Timeout > TimeSpan.Zero,
                "Analysis:Workers and Analysis:MaxAttempts must be at least 1, Analysis:FirstRetry and Analysis:Timeout longer than nothing.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AnalysisJobOptions>>().Value);
        services.AddScoped<AnalysisJobs>();
        services.AddScoped<AnalysisRun>();
        services.AddScoped<Reanalyses>();
        services.AddScoped<IReanalyses>(provider => provider.GetRequiredService<Reanalyses>());
        services.AddSingleton<JobSignal>();
        services.AddSingleton<Sweeper>();
        services.AddSingleton(_ => NodeRoles.From(configuration));
        services.AddHostedService<AnalysisWorkers>();
        services.AddHostedService(provider => provider.GetRequiredService<Sweeper>());
        return services;
    }
}
