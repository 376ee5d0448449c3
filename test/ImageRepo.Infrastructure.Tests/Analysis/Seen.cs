using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Colors;
using ImageRepo.Infrastructure.Analysis;

namespace ImageRepo.Infrastructure.Tests.Analysis;

/// <summary>Made-up detections, for the rules that turn them into words.</summary>
internal static class Seen
{
    private static readonly Region Somewhere = new(0.1f, 0.1f, 0.3f, 0.3f);

    /// <param name="lead">As large as the confidence unless given: nothing else is likely.</param>
    public static Detection Object(string name, float confidence = 0.9f, Region? region = null, float? lead = null, float second = 0) =>
        new(name, confidence, region ?? Somewhere, lead ?? confidence, second);

    public static Detection Face(float confidence = 0.9f, Region? region = null) => new(BlazeFace.Face, confidence, region ?? Somewhere);

    /// <summary>So many of each, the kinds side by side.</summary>
    public static Sightings Objects(params (string Name, int Count)[] kinds) => Sightings.Of(
        [.. kinds.SelectMany((k, i) => Enumerable.Range(0, k.Count).Select(_ => Object(k.Name, region: Somewhere with { Left = i * 0.3f, Right = i * 0.3f + 0.2f })))], []);

    public static Sightings Nothing { get; } = Sightings.Of([], []);

    public static PictureFacts Picture(int width = 1600, int height = 1200, bool blackAndWhite = false, IReadOnlyList<ImageColor>? palette = null, params NamedColor[] colors) =>
        new(width, height, palette ?? [], colors, blackAndWhite);

    public static ImageColor Color(string hex, float share) => new(HexColor.Parse(hex), NamedColor.Gray, share);
}
