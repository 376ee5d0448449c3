using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>Image Analysis 4.0: a caption where the region has one, tags, objects, text and people. It tells no colours; the product measures them itself.</summary>
internal sealed class ImageAnalysis40(string apiVersion) : IVisionVersion
{
    /// <summary>The service names people down to a confidence of nearly 0.</summary>
    public const float SurePerson = 0.6f;

    private volatile bool _withoutCaption;

    public string Name => $"azure-vision 4.0 ({apiVersion})";

    public Uri Address(Uri endpoint) => new(endpoint,
        $"/computervision/imageanalysis:analyze?api-version={apiVersion}&features={(_withoutCaption ? "" : "caption,")}tags,objects,read,people&language=en");

    public bool LeaveOutWhatIsMissing()
    {
        // Another call may have found out a moment ago, so the question is not whether this one was the first.
        _withoutCaption = true;
        return true;
    }

    public AnalysisResult Read(byte[] answer)
    {
        var said = VisionJson.Read<Answer40>(answer);
        if (said is { TagsResult: null, ObjectsResult: null, CaptionResult: null })
        {
            throw new InvalidDataException("Azure's answer holds no result.");
        }
        var size = said.Metadata ?? new PictureSize(0, 0);
        var people = People(said.PeopleResult, size);
        var caption = VisionText.Line(said.CaptionResult?.Text, VisionLimits.CaptionLength);
        return new AnalysisResult(
            Name, caption, caption is null ? null : VisionText.Fraction(said.CaptionResult!.Confidence),
            VisionTags.Of(said.TagsResult?.Items, people), [.. Objects(said.ObjectsResult, size, people.Count > 0), .. people])
        {
            Text = Lines(said.ReadResult, size),
            ModelVersion = VisionText.Line(said.ModelVersion, VisionLimits.ModelVersionLength),
        };
    }

    /// <summary>The surest first.</summary>
    private static List<DetectedObject> People(Values<FoundPerson>? found, PictureSize size) =>
    [
        .. (found?.Items ?? []).OfType<FoundPerson>().Where(p => p.Confidence >= SurePerson).OrderByDescending(p => p.Confidence).Take(VisionLimits.Objects)
            .Select(p => VisionText.Place(p.BoundingBox, size) is { } box ? new DetectedObject(Sightings.Person, VisionText.Fraction(p.Confidence), box) : null)
            .OfType<DetectedObject>(),
    ];

    /// <param name="withoutPeople">They are told apart by their own feature, so that nobody is counted twice.</param>
    private static IEnumerable<DetectedObject> Objects(Values<FoundObject>? found, PictureSize size, bool withoutPeople)
    {
        foreach (var thing in (found?.Items ?? []).OfType<FoundObject>().Take(VisionLimits.Objects))
        {
            var named = thing.Tags?.OfType<Named>().MaxBy(t => t.Confidence);
            if (named is not null && TagName.TryParse(VisionText.Line(named.Name, TagName.MaxLength), out var name) && VisionText.Place(thing.BoundingBox, size) is { } box
                && !(withoutPeople && name.Value == Sightings.Person))
            {
                yield return new DetectedObject(name.Value, VisionText.Fraction(named.Confidence), box);
            }
        }
    }

    private static List<TextLine> Lines(ReadBlocks? read, PictureSize size)
    {
        List<TextLine> lines = [];
        foreach (var line in (read?.Blocks ?? []).OfType<ReadBlock>().SelectMany(b => b.Lines ?? []).OfType<ReadLine>().Take(VisionLimits.Lines))
        {
            if (VisionText.Line(line.Text, VisionLimits.LineLength) is { } text && VisionText.Place(line.BoundingPolygon, size) is { } box)
            {
                // A line is as sure as its words are in the mean.
                var words = (line.Words ?? []).OfType<ReadWord>().ToList();
                lines.Add(new TextLine(text, words.Count > 0 ? words.Average(w => VisionText.Fraction(w.Confidence)) : 1, box));
            }
        }
        return lines;
    }
}
