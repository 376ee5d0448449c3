namespace ImageRepo.Infrastructure.Analysis;

/// <summary>What a detector found.</summary>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Lead">By how much the name's confidence is above that of the next best name for the same place; 0 where a detector knows one name alone.</param>
/// <param name="Second">How sure a second detector is of the same name at the same place, 0 to 1; the confidence is the first one's.</param>
internal readonly record struct Detection(string Name, float Confidence, Region Region, float Lead = 0, float Second = 0);

/// <summary>Detectors answer with many rectangles a thing; these leave one.</summary>
internal static class Detections
{
    private const float ToBothTheSame = 0.4f;

    /// <summary>Non-maximum suppression: of the detections of one name that overlap by more than the bound, the surest stays. Surest first.</summary>
    public static List<Detection> Suppress(IEnumerable<Detection> found, float overlap)
    {
        var kept = new List<Detection>();
        foreach (var candidate in found.OrderByDescending(d => d.Confidence))
        {
            if (!kept.Any(k => k.Name == candidate.Name && k.Region.Overlap(candidate.Region) > overlap))
            {
                kept.Add(candidate);
            }
        }
        return kept;
    }

    /// <summary>Several looks at one picture as one: each thing once, as sure and as far ahead as in the mean of the looks, where one that missed it counts as 0. Surest first.</summary>
    public static List<Detection> Agree(IReadOnlyList<IEnumerable<Detection>> looks, float overlap)
    {
        var left = looks.SelectMany((found, look) => found.Select(d => (Detection: d, Look: look))).OrderByDescending(d => d.Detection.Confidence).ToList();
        var agreed = new List<Detection>();
        while (left is [var (surest, _), ..])
        {
            // What has spoken for one thing doesn't speak for its neighbour too.
            var same = left.Where(d => d.Detection.Name == surest.Name && d.Detection.Region.Overlap(surest.Region) > overlap).ToList();
            left = [.. left.Except(same)];
            var ofEachLook = same.DistinctBy(d => d.Look).Select(d => d.Detection).ToList();
            agreed.Add(surest with { Confidence = ofEachLook.Sum(d => d.Confidence) / looks.Count, Lead = ofEachLook.Sum(d => d.Lead) / looks.Count });
        }
        return [.. agreed.OrderByDescending(d => d.Confidence)];
    }

    /// <summary>What one detector found, with what a second one says of it; then what the second one found alone and is sure of.</summary>
    public static List<Detection> Confirm(IReadOnlyList<Detection> first, IReadOnlyList<Detection> second, float sure)
    {
        var confirmed = first.Select(f => f with { Second = second.Where(s => IsTheSame(f, s)).Select(s => s.Confidence).DefaultIfEmpty().Max() });
        return [.. confirmed, .. second.Where(s => s.Confidence >= sure && !first.Any(f => IsTheSame(f, s))).Select(s => s with { Confidence = 0, Second = s.Confidence })];
    }

    private static bool IsTheSame(Detection one, Detection other) => one.Name == other.Name && one.Region.Overlap(other.Region) > ToBothTheSame;

    /// <summary>A thing that got two names at all but the same place keeps the surer one. Expects the surest first.</summary>
    public static List<Detection> OneNameAPlace(IEnumerable<Detection> found, float overlap)
    {
        var kept = new List<Detection>();
        foreach (var candidate in found)
        {
            if (!kept.Any(k => k.Name != candidate.Name && k.Region.Overlap(candidate.Region) > overlap))
            {
                kept.Add(candidate);
            }
        }
        return kept;
    }

    /// <summary>Cut to the picture; what lies outside it, or has no finite place, is gone.</summary>
    public static IEnumerable<Detection> WithinPicture(this IEnumerable<Detection> found) =>
        found.Select(d => d with { Region = d.Region.Clip() }).Where(d => d.Region.Area > 0);
}
