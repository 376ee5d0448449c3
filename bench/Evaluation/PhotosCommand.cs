using System.CommandLine;

namespace ImageRepo.Evaluation;

/// <summary><c>evaluate photos FOLDER</c>: precision and recall of an analyzer's tags over labelled photos.</summary>
internal static class PhotosCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where the photos are." };
        var labels = new Option<FileInfo>("--labels") { Description = "The labels; FOLDER/labels.tsv unless given." };
        var split = new Option<string>("--split") { Description = "Only the photos of this split." };
        var command = new Command("photos", "Precision and recall of tags, and counts of people.") { folder, labels, split };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(folder).FullName, parsed.GetValue(labels)?.FullName, parsed.GetValue(split)));
        return command;
    }

    private static async Task<int> RunAsync(string folder, string? labels, string? split)
    {
        await using var services = Analyzers.Start();
        var chosen = PhotoLabels.Read(labels ?? Path.Combine(folder, "labels.tsv")).Where(l => split is null || l.Split == split);
        var findings = await Analyzers.Evaluation(services).RunAsync(folder, chosen);
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Label.File,-44} right: {List(finding.Right)}; wrong: {List(finding.Wrong)}; missed: {List(finding.Missed)}");
            Console.WriteLine($"{"",-44} {finding.Result.Description}{Text(finding)}");
        }
        foreach (var part in findings.GroupBy(f => f.Label.Split).Append(findings.GroupBy(_ => "all").First()))
        {
            Console.WriteLine($"{part.Key}: {part.Count()} photos; {TagScore.Of(part)}");
        }
        return 0;
    }

    private static string List(IReadOnlySet<string> names) => names.Count == 0 ? "-" : string.Join(", ", names.Order());

    private static string Text(PhotoFinding finding) => finding.Result.Text is { Count: > 0 } lines
        ? " | " + string.Join(" / ", lines.Select(l => $"{l.Text} ({l.Confidence:0.00})"))
        : "";
}
