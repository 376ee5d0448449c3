namespace ImageRepo.Infrastructure.Analysis;

/// <summary>English for the names of the COCO data set.</summary>
internal static class Words
{
    private static readonly string[] Numbers = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    private static readonly Dictionary<string, string> Irregular = new()
    {
        ["person"] = "people",
        ["mouse"] = "mice",
        ["sheep"] = "sheep",
        ["knife"] = "knives",
    };

    private static readonly HashSet<string> Pairs = ["scissors", "skis"];
    private static readonly HashSet<string> Uncountable = ["broccoli"];

    /// <summary>"a dog", "two pairs of skis", "many people".</summary>
    public static string Count(int count, string name)
    {
        if (Uncountable.Contains(name))
        {
            return name;
        }
        var (one, several) = Pairs.Contains(name) ? ($"pair of {name}", $"pairs of {name}") : (Written(name), Plural(name));
        return count switch
        {
            1 => $"{("aeiou".Contains(one[0]) ? "an" : "a")} {one}",
            <= 10 => $"{Numbers[count - 2]} {several}",
            _ => $"many {several}",
        };
    }

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";

    private static string Plural(string name) =>
        Irregular.TryGetValue(name, out var plural) ? plural
        : name.EndsWith('s') || name.EndsWith("ch", StringComparison.Ordinal) || name.EndsWith("sh", StringComparison.Ordinal) ? name + "es"
        : Written(name) + "s";

    private static string Written(string name) => name == "tv" ? "TV" : name;
}
