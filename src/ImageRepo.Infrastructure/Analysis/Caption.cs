using ImageRepo.Domain.Analysis;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>One sentence by template: what was detected, how many, and the colours that were measured; nothing else.</summary>
internal static class Caption
{
    private const int Kinds = 4;
    private const int Colors = 2;

    /// <returns>
    /// The sentence, null when there is nothing to say; and the lowest confidence among what it names,
    /// null when it names only what was measured.
    /// </returns>
    public static (string? Text, float? Confidence) Of(Sightings seen, PictureFacts facts)
    {
        var named = Named(seen);
        var colors = facts.IsBlackAndWhite
            ? ""
            : Words.List([.. facts.DominantColors.Take(Colors).Select(c => c.ToString().ToLowerInvariant())]);
        var what = Words.List([.. named.Select(n => n.Words)]);
        var text = (named.Count, facts.IsBlackAndWhite, colors) switch
        {
            ( > 0, true, _) => $"A black and white photo of {what}",
            ( > 0, false, "") => $"A photo of {what}",
            ( > 0, false, _) => $"A photo of {what}, mostly {colors}",
            (_, true, _) => "A black and white image",
            (_, false, "") => null,
            _ => $"An image in mostly {colors}",
        };
        return (text, named.Count > 0 ? named.Min(n => n.Confidence) : null);
    }

    /// <summary>People first, then what covers most of the picture.</summary>
    private static List<(string Words, float Confidence)> Named(Sightings seen)
    {
        var named = seen.Objects
            .Where(o => o.Name != Sightings.Person)
            .GroupBy(o => o.Name)
            .OrderByDescending(kind => kind.Sum(o => o.Region.Area))
            .Select(kind => (Words.Count(kind.Count(), kind.Key), kind.Min(o => o.Confidence)));
        if (seen.People.Count > 0)
        {
            named = named.Prepend((Words.Count(seen.People.Count, Sightings.Person), seen.People[^1]));
        }
        return [.. named.Take(Kinds)];
    }
}
