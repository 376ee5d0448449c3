using ImageRepo.Domain.Analysis;

namespace ImageRepo.Infrastructure.Tests.Analysis;

/// <summary>What every analyzer keeps to, whoever is behind it.</summary>
public abstract class AnalyzerContract
{
    private protected abstract IImageAnalyzer Analyzer { get; }

    [Fact]
    public async Task A_result_names_its_analyzer_and_stays_within_its_bounds()
    {
        var (rendition, facts) = Renditions.OfPhoto("giraffe.jpg");

        var result = await Analyzer.AnalyzeAsync(rendition, facts, default);

        Assert.Equal(Analyzer.Name, result.Analyzer);
        Assert.False(string.IsNullOrWhiteSpace(result.Description));
        Assert.NotEmpty(result.Tags);
        Assert.Equal(result.Tags.Select(t => t.Name).Distinct(), result.Tags.Select(t => t.Name));
        Assert.All(result.Tags, t => Assert.InRange(t.Confidence, 0, 1));
        Assert.NotEmpty(result.Objects);
        Assert.All(result.Objects, o =>
        {
            Assert.InRange(o.Confidence, 0, 1);
            Assert.True(o.Box is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 } && o.Box.X + o.Box.Width <= 1.0001f && o.Box.Y + o.Box.Height <= 1.0001f, o.ToString());
        });
        Assert.True(result.DescriptionConfidence is null or (>= 0 and <= 1));
    }

    [Fact]
    public async Task The_stream_is_left_to_its_owner()
    {
        var (rendition, facts) = Renditions.OfSize(200, 200);

        await Analyzer.AnalyzeAsync(rendition, facts, default);

        Assert.True(rendition.CanRead);
        await rendition.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task What_is_no_picture_fails_in_words_for_its_owner(int bytes)
    {
        var failed = await Assert.ThrowsAsync<AnalysisFailedException>(() => Analyzer.AnalyzeAsync(new MemoryStream(new byte[bytes]), Seen.Picture(), default));

        Assert.Equal("The stored preview of this picture can't be read, so it could not be analysed.", failed.Message);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled_and_says_nothing_of_the_picture()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var (rendition, facts) = Renditions.OfSize(200, 200);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Analyzer.AnalyzeAsync(rendition, facts, cancelled.Token));

        Assert.Equal(TimeSpan.Zero, Analyzer.Pause);
    }

    [Fact]
    public async Task Calls_overlap()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var (rendition, facts) = Renditions.OfPhoto("giraffe.jpg");
            return await Analyzer.AnalyzeAsync(rendition, facts, default);
        }));

        Assert.Single(results.Select(r => r.Description).Distinct());
    }
}
