using System.Globalization;

namespace ImageRepo.Bench;

/// <param name="Images">Rows of the library that is measured.</param>
/// <param name="DataDirectory">Where the library lies; it is made once and kept.</param>
/// <param name="Rounds">How often each side of a comparison runs.</param>
/// <param name="Only">Part of the names of the comparisons to run; all of them when null.</param>
internal sealed record BenchOptions(int Images, string DataDirectory, int Rounds, string? Only)
{
    public const string Usage = "usage: ImageRepo.Bench [--images 1000000] [--data FOLDER] [--rounds 100] [--only PART-OF-A-NAME]";

    /// <summary>Null when the arguments make no sense.</summary>
    public static BenchOptions? Parse(string[] args)
    {
        var given = args.Chunk(2).ToList();
        if (given.Any(pair => pair.Length < 2 || pair[0] is not ("--images" or "--data" or "--rounds" or "--only")))
        {
            return null;
        }
        var values = given.ToDictionary(pair => pair[0], pair => pair[1]);
        return Number("--images", 1_000_000) is { } images and >= 10_000 && Number("--rounds", 100) is { } rounds and >= 10
            ? new BenchOptions(images, values.GetValueOrDefault("--data") ?? $"artifacts/bench/{images}", rounds, values.GetValueOrDefault("--only"))
            : null;

        int? Number(string name, int otherwise) => !values.TryGetValue(name, out var text) ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : null;
    }
}
