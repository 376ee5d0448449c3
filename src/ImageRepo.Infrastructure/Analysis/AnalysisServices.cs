using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis.Azure;
using ImageRepo.Infrastructure.Analysis.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Analysis;

internal static class AnalysisServices
{
    /// <summary>Registers <see cref="IImageAnalyzer"/>. A wrong setting or model file stops the host's start with a message that names it.</summary>
    public static IServiceCollection AddAnalysis(this IServiceCollection services, IConfiguration configuration)
    {
        // Here too, because the environment is safe to change only while the process has hardly begun.
        OnnxTelemetry.TurnOff();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<AnalysisOptions>().Bind(configuration.GetSection(AnalysisOptions.Section)).ValidateOnStart();
        services.AddOptions<AzureOptions>().Bind(configuration.GetSection(AzureOptions.Section));
        services.AddSingleton<IValidateOptions<AnalysisOptions>, AnalysisOptionsValidator>();
        services.AddSingleton(new ModelFiles(ModelFiles.ShippedDirectory));
        services.AddSingleton<NanoDet>();
        services.AddSingleton<SsdMobileNet>();
        services.AddSingleton<BlazeFace>();
        services.AddSingleton<TextDetector>();
        services.AddSingleton<LineReader>();
        services.AddSingleton<TextRecognition>();
        services.AddSingleton<LocalAnalyzer>();
        services.AddSingleton<AzureVisionClient>();
        services.AddSingleton<AzureVisionAnalyzer>();
        services.AddSingleton<IImageAnalyzer>(Chosen);
        return services;
    }

    private static IImageAnalyzer Chosen(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AnalysisOptions>>().Value;
        List<IImageAnalyzer> chain = [.. options.Chain.Select(name => name == AnalysisOptions.Azure
            ? (IImageAnalyzer)services.GetRequiredService<AzureVisionAnalyzer>()
            : services.GetRequiredService<LocalAnalyzer>())];
        return chain is [var only] ? only : ActivatorUtilities.CreateInstance<AnalyzerChain>(services, (IReadOnlyList<IImageAnalyzer>)chain, options.FallbackAfter);
    }
}
