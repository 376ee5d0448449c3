namespace ImageRepo.Domain.Analysis;

public enum AnalysisStatus
{
    Pending,
    Running,
    Completed,
    Failed,
}

/// <summary>Where an image's analysis stands.</summary>
/// <param name="Analyzer">Name and version of the one that made the present result.</param>
/// <param name="Attempts">Attempts since it was last asked for, counted when they start.</param>
/// <param name="Failure">Why it failed, in words for the owner.</param>
/// <param name="ModelVersion">Of the models that a service used for the present result; null where the analyzer's name says it all.</param>
/// <param name="Duration">How long the attempt took that made the present result; null for results of earlier versions of this product.</param>
public sealed record ImageAnalysis(
    AnalysisStatus Status, string? Analyzer, DateTimeOffset? AnalyzedAt, int Attempts, string? Failure, string? ModelVersion, TimeSpan? Duration)
{
    public static ImageAnalysis Pending { get; } = new(AnalysisStatus.Pending, null, null, 0, null, null, null);
}
