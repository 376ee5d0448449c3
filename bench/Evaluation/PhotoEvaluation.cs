using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;

namespace ImageRepo.Evaluation;

/// <summary>What an analyzer said of one photo, held against its label.</summary>
internal sealed record PhotoFinding(
    PhotoLabel Label, IReadOnlySet<string> Right, IReadOnlySet<string> Wrong, IReadOnlySet<string> Missed, AnalysisResult Result)
{
    public bool SaysFace => Result.Tags.Any(t => t.Name.Value is "face" or "portrait");
}

/// <summary>Runs an analyzer over labelled photos, each uploaded as a user's would be: decoded, reduced, and analysed from its largest rendition.</summary>
internal sealed class PhotoEvaluation(IPictureReader reader, IImageAnalyzer analyzer, IReadOnlySet<string> vocabulary)
{
    public async Task<IReadOnlyList<PhotoFinding>> RunAsync(string folder, IEnumerable<PhotoLabel> labels)
    {
        var findings = new List<PhotoFinding>();
        foreach (var label in labels)
        {
            var (result, facts) = await AnalyzeAsync(Path.Combine(folder, label.File));
            findings.Add(Judge(label, result, facts));
        }
        return findings;
    }

    public async Task<(AnalysisResult Result, PictureFacts Facts)> AnalyzeAsync(string path)
    {
        await using var original = File.OpenRead(path);
        var head = new byte[reader.HeadLength];
        var length = await original.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false);
        var picture = await reader.ReadAsync(original, reader.Identify(head.AsSpan(0, length)), default);
        var facts = new PictureFacts(picture.Width, picture.Height, picture.Colors, picture.DominantColors, picture.IsBlackAndWhite);
        using var rendition = new MemoryStream(picture.Renditions[^1].Content);
        return (await analyzer.AnalyzeAsync(rendition, facts, default), facts);
    }

    private PhotoFinding Judge(PhotoLabel label, AnalysisResult result, PictureFacts facts)
    {
        // "Orange" is a colour and a fruit: where the picture has the colour, the tag says so, unless the fruit was seen as well.
        var colors = facts.DominantColors.Select(c => TagName.Parse(c.ToString()).Value).Except(result.Objects.Select(o => o.Name));
        var said = result.Tags.Select(t => t.Name.Value).Where(vocabulary.Contains).Except(colors).Where(t => !label.May.Contains(t)).ToHashSet();
        return new PhotoFinding(
            label, said.Intersect(label.Kinds).ToHashSet(), said.Except(label.Kinds).ToHashSet(), label.Kinds.Except(said).ToHashSet(), result);
    }
}

/// <summary>Right, wrong and missed tags of several photos.</summary>
internal readonly record struct TagScore(int Right, int Wrong, int Missed)
{
    public double Precision => Right + Wrong == 0 ? 1 : (double)Right / (Right + Wrong);
    public double Recall => Right + Missed == 0 ? 1 : (double)Right / (Right + Missed);

    public static TagScore Of(IEnumerable<PhotoFinding> findings) => findings.Aggregate(
        default(TagScore), (sum, f) => new TagScore(sum.Right + f.Right.Count, sum.Wrong + f.Wrong.Count, sum.Missed + f.Missed.Count));

    public override string ToString() => FormattableString.Invariant(
        $"{Right} right, {Wrong} wrong, {Missed} missed: precision {Precision:0.000}, recall {Recall:0.000}");
}
