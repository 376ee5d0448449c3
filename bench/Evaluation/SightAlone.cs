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
        var seen = _local.Look(pixels, cancellationToken);
        var (description, confidence) = Caption.Of(seen, facts);
        return Task.FromResult(new AnalysisResult(
            Name, description, confidence, LocalTags.Of(seen, [], facts),
            [.. seen.Objects.Select(o => new DetectedObject(o.Name, o.Confidence, o.Region.ToBox()))]));
    }
}
