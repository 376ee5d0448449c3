namespace ImageRepo.Domain.Analysis;

/// <summary>The analyzer can't look at any picture now, so the image waits and the attempt does not count. The message is shown to the image's owner.</summary>
/// <param name="isBusy">True when it works and has too much to do; false when it gives no answer that is of use.</param>
public sealed class AnalyzerUnavailableException(string message, TimeSpan retryAfter, bool isBusy, Exception? inner = null)
    : UnavailableException(message, retryAfter, inner)
{
    public bool IsBusy { get; } = isBusy;
}
