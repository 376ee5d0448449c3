using ImageRepo.Domain.Analysis;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>
/// Image Analysis 3.2, which this product's first edition used: a description and tags. Its colours are not asked for, since the palette
/// and its names are measured here, by one rule for all images.
/// </summary>
internal sealed class ImageAnalysis32 : IVisionVersion
{
    public string Name => "azure-vision 3.2";

    public Uri Address(Uri endpoint) => new(endpoint, "/vision/v3.2/analyze?visualFeatures=Description,Tags&language=en");

    public bool LeaveOutWhatIsMissing() => false;

    public AnalysisResult Read(byte[] answer)
    {
        var said = VisionJson.Read<Answer32>(answer);
        if (said is { Tags: null, Description: null })
        {
            throw new InvalidDataException("Azure's answer holds no result.");
        }
        var caption = said.Description?.Captions?.OfType<Said>().MaxBy(c => c.Confidence);
        var text = VisionText.Line(caption?.Text, VisionLimits.CaptionLength);
        return new AnalysisResult(Name, text, text is null ? null : VisionText.Fraction(caption!.Confidence), VisionTags.Of(said.Tags, []), [])
        {
            ModelVersion = VisionText.Line(said.ModelVersion, VisionLimits.ModelVersionLength),
        };
    }
}
