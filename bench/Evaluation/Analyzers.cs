using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Infrastructure.Analysis;
using ImageRepo.Infrastructure.Imaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Evaluation;

/// <summary>The analyzer and the picture reader as the product sets them up: settings come from the environment.</summary>
internal static class Analyzers
{
    public static ServiceProvider Start()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(new ImageLimits())
            .AddSingleton(TimeProvider.System)
            .AddImaging(configuration)
            .AddAnalysis(configuration)
            .BuildServiceProvider();
    }

    /// <param name="readsText">Without it the local analyzer's networks that see are run alone, which takes a fourth of the time.</param>
    public static PhotoEvaluation Evaluation(IServiceProvider services, bool readsText = true) => new(
        services.GetRequiredService<IPictureReader>(),
        readsText ? services.GetRequiredService<IImageAnalyzer>() : ActivatorUtilities.CreateInstance<SightAlone>(services),
        File.ReadLines(Path.Combine(ModelFiles.ShippedDirectory, ModelFiles.CocoNames.Name)).ToHashSet());
}
