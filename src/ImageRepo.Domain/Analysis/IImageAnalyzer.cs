namespace ImageRepo.Domain.Analysis;

/// <summary>Describes a picture. One analyzer is asked for one image at a time a call; calls may overlap.</summary>
public interface IImageAnalyzer
{
    /// <summary>Name and version, kept with each analysis.</summary>
    string Name { get; }

    /// <summary>For how long it should not be asked, because it would answer with <see cref="AnalyzerUnavailableException"/>; zero when it may be.</summary>
    TimeSpan Pause => TimeSpan.Zero;

    /// <param name="rendition">An encoded picture within 1600 pixels a side (JPEG or WebP); the caller disposes it.</param>
    /// <param name="facts">What the decode told already.</param>
    /// <exception cref="AnalysisFailedException">This picture can't be analysed; trying again will not help.</exception>
    /// <exception cref="AnalyzerUnavailableException">No picture can be analysed for now.</exception>
    Task<AnalysisResult> AnalyzeAsync(Stream rendition, PictureFacts facts, CancellationToken cancellationToken);
}
