using ImageRepo.Domain.Analysis;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>One version of the service: how it is asked, and what its answer says.</summary>
internal interface IVisionVersion
{
    /// <summary>Kept with each analysis.</summary>
    string Name { get; }

    Uri Address(Uri endpoint);

    /// <exception cref="InvalidDataException">This is no answer of the service.</exception>
    AnalysisResult Read(byte[] answer);

    /// <summary>Asks for less from now on, where the region does not have all of it; false when there is nothing to leave out.</summary>
    bool LeaveOutWhatIsMissing();
}

internal static class VisionLimits
{
    public const int CaptionLength = 1_000;
    public const int ModelVersionLength = 100;
    public const int Tags = 200;
    public const int Objects = 200;
    public const int Lines = 2_000;
    public const int LineLength = 1_000;
}
