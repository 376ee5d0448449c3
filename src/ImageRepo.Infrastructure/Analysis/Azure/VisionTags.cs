using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>The service's tags as the product writes tags, and how many people there are, in the local analyzer's words.</summary>
internal static class VisionTags
{
    /// <param name="people">The surest first.</param>
    public static IReadOnlyList<(TagName Name, float Confidence)> Of(IReadOnlyList<Named?>? tags, IReadOnlyList<DetectedObject> people)
    {
        List<(TagName Name, float Confidence)> all = [];
        foreach (var tag in (tags ?? []).OfType<Named>().Take(VisionLimits.Tags))
        {
            // What can't be a tag, such as one that is too long, is left out and not cut: half a name is another name.
            if (TagName.TryParse(VisionText.Line(tag.Name, int.MaxValue), out var name))
            {
                all.Add((name, VisionText.Fraction(tag.Confidence)));
            }
        }
        // Two people are as sure as the second of them.
        if (people.Count >= 2)
        {
            all.Add((TagName.Parse("people"), people[1].Confidence));
        }
        if (people.Count >= 3)
        {
            all.Add((TagName.Parse("group"), people[2].Confidence));
        }
        return [.. all.GroupBy(t => t.Name).Select(same => same.MaxBy(t => t.Confidence))];
    }
}
