namespace ImageRepo.Infrastructure.Analysis;

/// <summary>What a detector found.</summary>
/// <param name="Confidence">0 to 1; 0 where a second detector alone saw it.</param>
/// <param name="Lead">By how much the name's confidence is above that of the next best name for the same place; 0 of a detector that doesn't tell.</param>
/// <param name="Second">How sure a second detector is of the same name at the same place, 0 to 1.</param>
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

    /// <summary>What one detector found, with what a second one says of it; then what the second one alone found and is sure of. Expects its surest first.</summary>
    public static List<Detection> Confirm(IReadOnlyList<Detection> first, IReadOnlyList<Detection> second, float sure)
    {
        List<Detection> confirmed = [.. first], alone = [];
        foreach (var said in second)
        {
            // It speaks for one thing; what has been spoken for is taken, as in Agree. A part, or a group, of what the first one found is no other thing.
            var same = Enumerable.Range(0, confirmed.Count)
                .Where(i => confirmed[i].Name == said.Name && confirmed[i].Second == 0 && confirmed[i].Region.Overlap(said.Region) > ToBothTheSame)
                .DefaultIfEmpty(-1).MaxBy(i => i < 0 ? 0 : confirmed[i].Region.Overlap(said.Region));
            if (same >= 0)
            {
                confirmed[same] = confirmed[same] with { Second = said.Confidence };
            }
            else if (said.Confidence >= sure && !first.Any(f => f.Name == said.Name && (f.Region.HoldsCentreOf(said.Region) || said.Region.HoldsCentreOf(f.Region))))
            {
                alone.Add(said with { Confidence = 0, Second = said.Confidence });
            }
        }
        return [.. confirmed, .. alone];
    }

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
        found.Where(d => float.IsFinite(d.Region.Area)).Select(d => d with { Region = d.Region.Clip() }).Where(d => d.Region.Area > 0);
}
