using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Analysis;

internal static class AnalysisServices
{
    /// <summary>Registers <see cref="IImageAnalyzer"/>. A wrong setting or model file stops the host's start with a message that names it.</summary>
    public static IServiceCollection AddAnalysis(this IServiceCollection services, IConfiguration configuration)
    {
        // Here too, because the environment is safe to change only while the process has hardly begun.
        OnnxTelemetry.TurnOff();
        services.AddOptions<AnalysisOptions>().Bind(configuration.GetSection(AnalysisOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AnalysisOptions>, AnalysisOptionsValidator>();
        services.AddSingleton(new ModelFiles(ModelFiles.ShippedDirectory));
        services.AddSingleton<NanoDet>();
        services.AddSingleton<BlazeFace>();
        services.AddSingleton<TextDetector>();
        services.AddSingleton<LineReader>();
        services.AddSingleton<TextRecognition>();
        services.AddSingleton<IImageAnalyzer, LocalAnalyzer>();
        return services;
    }
}
