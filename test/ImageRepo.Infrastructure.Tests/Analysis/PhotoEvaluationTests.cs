using ImageRepo.Evaluation;

namespace ImageRepo.Infrastructure.Tests.Analysis;

/// <summary>The analyzer on photos that were labelled by eye before its thresholds were looked at; those held back were never used for tuning.</summary>
[Trait("Category", "Full")]
public sealed class PhotoEvaluationTests
{
    private static readonly Lazy<Task<IReadOnlyList<PhotoFinding>>> Findings = new(RunAsync);

    [Theory]
    [InlineData("tune", 109, 0.98, 0.47)]
    [InlineData("later", 106, 0.94, 0.44)]
    [InlineData("held", 117, 0.95, 0.35)]
    public async Task What_is_said_is_right_and_much_is_said(string split, int photos, double precision, double recall)
    {
        var findings = (await Findings.Value).Where(f => f.Label.Split == split).ToList();
        var score = TagScore.Of(findings);

        Assert.True(findings.Count >= photos);
        Assert.True(score.Precision >= precision && score.Recall >= recall,
            $"{score}; wrong: {string.Join(", ", findings.SelectMany(f => f.Wrong.Select(w => $"{w} in {f.Label.File}")))}");
    }

    [Theory]
    [InlineData("couches.jpg", 2)]
    [InlineData("fireplace.jpg", 2)]
    [InlineData("three-men.jpg", 3)]
    [InlineData("group-1.jpg", 3)]
    [InlineData("group-3.jpg", 3)]
    [InlineData("group-4.jpg", 4)]
    [InlineData("group-5.jpg", 5)]
    [InlineData("group-6.jpg", 4)]
    public async Task People_in_a_group_are_counted(string file, int people)
    {
        var finding = (await Findings.Value).Single(f => f.Label.File == $"people/{file}");
        string[] words = ["", "a person", "two people", "three people", "four people", "five people"];

        Assert.Equal(people, finding.Label.People);
        Assert.StartsWith($"A photo of {words[people]},", finding.Result.Description);
        Assert.Contains(finding.Result.Tags, t => t.Name.Value == (people > 2 ? "group" : "people"));
    }

    // A statue that may be called a person has a face as well.
    [Fact]
    public async Task No_face_is_seen_where_nobody_is() =>
        Assert.Empty((await Findings.Value).Where(f => f.Label.People == 0 && !f.Label.May.Contains("person") && f.SaysFace).Select(f => f.Label.File));

    private static async Task<IReadOnlyList<PhotoFinding>> RunAsync()
    {
        var folder = Path.GetDirectoryName(Renditions.Photos.First(p => p.EndsWith("brook.jpg", StringComparison.Ordinal)))!;
        await using var services = Analyzers.Start();
        return await Analyzers.Evaluation(services, readsText: false).RunAsync(folder, PhotoLabels.Read(Path.Combine(folder, "labels.tsv")));
    }
}
