using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>The tags: what was detected, with the detector's confidence, and what was measured, which is certain.</summary>
internal static class LocalTags
{
    /// <summary>A face at least this high, as a part of the picture's shorter side, is what the picture is about.</summary>
    internal const float PortraitFace = 0.2f;

    // Bounds on the palette's mean lightness in OKLab, 0 black to 1 white.
    internal const double LowKey = 0.25;
    internal const double HighKey = 0.87;

    private const float Measured = 1;

    public static IReadOnlyList<(TagName Name, float Confidence)> Of(Sightings seen, IReadOnlyList<TextLine> lines, PictureFacts facts) =>
        // "Orange" may be both the fruit that was seen and the colour that was measured: it is one tag.
        [.. Seen(seen, facts).Concat(Written(lines)).Concat(Tones(facts))
            .GroupBy(t => t.Name.ToLowerInvariant(), (name, said) => (TagName.Parse(name), said.Max(t => t.Confidence)))];

    private static IEnumerable<(string Name, float Confidence)> Seen(Sightings seen, PictureFacts facts)
    {
        foreach (var kind in seen.Objects.GroupBy(o => o.Name))
        {
            yield return (kind.Key, kind.Max(o => o.Confidence));
        }
        // Two people are as sure as the second of them.
        if (seen.People.Count >= 2)
        {
            yield return ("people", seen.People[1]);
        }
        if (seen.People.Count >= 3)
        {
            yield return ("group", seen.People[2]);
        }
        if (seen.Faces.Count > 0)
        {
            yield return (BlazeFace.Face, seen.Faces.Max(f => f.Confidence));
        }
        if (seen is { People.Count: 1, Faces: [var face] } && face.Region.Height * facts.Height >= PortraitFace * Math.Min(facts.Width, facts.Height))
        {
            yield return ("portrait", face.Confidence);
        }
    }

    private static IEnumerable<(string Name, float Confidence)> Written(IReadOnlyList<TextLine> lines)
    {
        if (lines.Count > 0)
        {
            yield return ("text", lines.Max(l => l.Confidence));
        }
    }

    private static IEnumerable<(string Name, float Confidence)> Tones(PictureFacts facts)
    {
        foreach (var color in facts.DominantColors)
        {
            yield return (color.ToString(), Measured);
        }
        if (facts.IsBlackAndWhite)
        {
            yield return ("black and white", Measured);
        }
        if (MeanLightness(facts.Colors) is { } lightness && (lightness < LowKey || lightness > HighKey))
        {
            yield return (lightness < LowKey ? "low-key" : "high-key", Measured);
        }
        yield return (facts.Orientation switch
        {
            ImageOrientation.Landscape => "landscape orientation",
            ImageOrientation.Portrait => "portrait orientation",
            _ => "square",
        }, Measured);
    }

    /// <summary>Null where nothing is opaque, so that there is no palette.</summary>
    private static double? MeanLightness(IReadOnlyList<ImageColor> palette)
    {
        var covered = palette.Sum(c => (double)c.Share);
        return covered > 0 ? palette.Sum(c => Oklab.From(c.Hex).L * c.Share) / covered : null;
    }
}
