namespace ImageRepo.Evaluation;

/// <summary>What somebody saw in a photo.</summary>
/// <param name="File">Relative to the labels' folder.</param>
/// <param name="Split">Which part of the photos it belongs to: those that thresholds were set by, those that came later, or those that were held back.</param>
/// <param name="People">How many; null where they could not be counted.</param>
/// <param name="Kinds">The kinds of objects that can be seen.</param>
/// <param name="May">Kinds that are neither right nor wrong.</param>
internal sealed record PhotoLabel(string File, string Split, int? People, IReadOnlySet<string> Kinds, IReadOnlySet<string> May);

/// <summary>A file of tab-separated lines: file, split, people, kinds, may; the first names the columns, # begins a comment, a lone - is none.</summary>
internal static class PhotoLabels
{
    /// <exception cref="FormatException">A line has other columns than these.</exception>
    public static IReadOnlyList<PhotoLabel> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#').Skip(1).Select(Parse)];

    private static PhotoLabel Parse(string line) => line.Split('\t') is [var file, var split, var people, var kinds, var may]
        ? new PhotoLabel(file, split, people == "-" ? null : int.Parse(people, System.Globalization.CultureInfo.InvariantCulture), Names(kinds), Names(may))
        : throw new FormatException($"A line of labels has five columns with tabs between them: {line}");

    private static HashSet<string> Names(string cell) => cell == "-" ? [] : [.. cell.Split(',', StringSplitOptions.TrimEntries)];
}
