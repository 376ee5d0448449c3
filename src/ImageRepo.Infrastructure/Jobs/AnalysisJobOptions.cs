namespace ImageRepo.Infrastructure.Jobs;

/// <summary>How images are analysed in the background. Section <c>Analysis</c>.</summary>
internal sealed class AnalysisJobOptions
{
    /// <summary>Images this node analyses at once. Half its cores unless set, at least one.</summary>
    public int Workers { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Attempts before an image's analysis counts as failed.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The pause after the first failed attempt; it doubles with each further one.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);
}
