using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis;
using ImageRepo.Infrastructure.Imaging;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Evaluation;

/// <summary>The local analyzer, its text unread.</summary>
internal sealed class SightAlone(IServiceProvider services) : IImageAnalyzer
{
    private readonly LocalAnalyzer _local = ActivatorUtilities.CreateInstance<LocalAnalyzer>(services);

    public string Name => _local.Name;

    public Task<AnalysisResult> AnalyzeAsync(Stream rendition, PictureFacts facts, CancellationToken cancellationToken)
    {
        using var pixels = DecodedPixels.Decode(rendition);
        return Task.FromResult(_local.Describe(_local.Look(pixels, cancellationToken), lines: null, facts));
    }
}
