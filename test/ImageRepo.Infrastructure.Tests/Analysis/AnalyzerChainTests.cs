using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis;
using ImageRepo.Testing;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Infrastructure.Tests.Analysis;

/// <summary>Who describes when the first can't.</summary>
public sealed class AnalyzerChainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly MovableTime _time = new();
    private readonly CapturedLog _log = new();
    private Func<AnalysisResult> _first = () => new("first 1", "From the first", null, [], []);
    private Func<AnalysisResult> _second = () => new("second 1", "From the second", null, [], []);
    private readonly AnalyzerChain _chain;

    public AnalyzerChainTests() => _chain = new AnalyzerChain(
        [new ScriptedAnalyzer((_, _) => Task.FromResult(_first())), new ScriptedAnalyzer((_, _) => Task.FromResult(_second()))],
        Patience, _time, LoggerFactory.Create(l => l.AddProvider(_log)).CreateLogger<AnalyzerChain>());

    [Fact]
    public async Task The_first_describes_alone() => Assert.Equal("first 1", (await AnalyzeAsync()).Analyzer);

    [Fact]
    public async Task The_second_describes_what_the_first_refuses()
    {
        _first = () => throw new AnalysisFailedException("Too small.");

        Assert.Equal("second 1", (await AnalyzeAsync()).Analyzer);
    }

    [Fact]
    public async Task When_all_refuse_the_first_ones_words_are_told()
    {
        _first = () => throw new AnalysisFailedException("Too small.");
        _second = () => throw new AnalysisFailedException("Too strange.");

        Assert.Equal("Too small.", (await Assert.ThrowsAsync<AnalysisFailedException>(AnalyzeAsync)).Message);
    }

    [Fact]
    public async Task A_busy_one_is_waited_for_however_long_it_takes()
    {
        _first = () => throw new AnalyzerUnavailableException("Busy.", TimeSpan.FromSeconds(40), isBusy: true);

        for (var i = 0; i < 20; i++)
        {
            Assert.True((await Assert.ThrowsAsync<AnalyzerUnavailableException>(AnalyzeAsync)).IsBusy);
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task One_whose_quota_is_used_up_for_days_counts_as_away()
    {
        _first = () => throw new AnalyzerUnavailableException("Busy.", TimeSpan.FromHours(1), isBusy: true);

        await Assert.ThrowsAsync<AnalyzerUnavailableException>(AnalyzeAsync);
        _time.Advance(Patience);

        Assert.Equal("second 1", (await AnalyzeAsync()).Analyzer);
    }

    [Fact]
    public async Task One_that_gives_no_answer_is_waited_for_and_then_passed_over_until_it_answers_again()
    {
        var working = _first;
        _first = () => throw new AnalyzerUnavailableException("Away.", TimeSpan.FromSeconds(15), isBusy: false);

        await Assert.ThrowsAsync<AnalyzerUnavailableException>(AnalyzeAsync);
        _time.Advance(Patience / 2);
        await Assert.ThrowsAsync<AnalyzerUnavailableException>(AnalyzeAsync);
        _time.Advance(Patience / 2);
        Assert.Equal("second 1", (await AnalyzeAsync()).Analyzer);
        _first = working;
        Assert.Equal("first 1", (await AnalyzeAsync()).Analyzer);

        // From then on it is waited for anew.
        _first = () => throw new AnalyzerUnavailableException("Away.", TimeSpan.FromSeconds(15), isBusy: false);
        await Assert.ThrowsAsync<AnalyzerUnavailableException>(AnalyzeAsync);
        Assert.Equal(3, _log.Entries.Count());
    }

    [Fact]
    public async Task An_outage_is_told_once_and_not_by_every_picture()
    {
        _first = () => throw new AnalyzerUnavailableException("Away.", TimeSpan.FromSeconds(15), isBusy: false);
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<AnalyzerUnavailableException>(AnalyzeAsync);
        }

        Assert.Contains("00:05:00", Assert.Single(_log.Entries).Message);
    }

    [Fact]
    public async Task A_picture_that_the_last_refuses_waits_for_the_one_that_is_away()
    {
        _first = () => throw new AnalyzerUnavailableException("Away.", TimeSpan.FromSeconds(15), isBusy: false);
        _second = () => throw new AnalysisFailedException("Too strange.");
        await Assert.ThrowsAsync<AnalyzerUnavailableException>(AnalyzeAsync);
        _time.Advance(Patience);

        await Assert.ThrowsAsync<AnalyzerUnavailableException>(AnalyzeAsync);
    }

    [Fact]
    public async Task Workers_pause_with_the_first_until_it_is_passed_over()
    {
        var paused = new PausedAnalyzer();
        var chain = new AnalyzerChain([paused, new ScriptedAnalyzer()], Patience, _time, LoggerFactory.Create(_ => { }).CreateLogger<AnalyzerChain>());
        Assert.Equal(paused.Pause, chain.Pause);
        await Assert.ThrowsAsync<AnalyzerUnavailableException>(() => chain.AnalyzeAsync(Stream.Null, Seen.Picture(), default));
        Assert.Equal(paused.Pause, chain.Pause);

        _time.Advance(Patience);

        Assert.Equal(TimeSpan.Zero, chain.Pause);
        Assert.Equal("scripted 1.0", (await chain.AnalyzeAsync(Stream.Null, Seen.Picture(), default)).Analyzer);
    }

    [Fact]
    public async Task Each_reads_the_picture_from_its_beginning()
    {
        var lengths = new List<long>();
        var chain = new AnalyzerChain([new Reader(lengths, refuses: true), new Reader(lengths, refuses: false)], Patience, _time, LoggerFactory.Create(_ => { }).CreateLogger<AnalyzerChain>());

        await chain.AnalyzeAsync(new MemoryStream([1, 2, 3]), Seen.Picture(), default);

        Assert.Equal([3, 3], lengths);
    }

    private Task<AnalysisResult> AnalyzeAsync() => _chain.AnalyzeAsync(Stream.Null, Seen.Picture(), default);

    private sealed class PausedAnalyzer : IImageAnalyzer
    {
        public string Name => "paused 1";

        public TimeSpan Pause => TimeSpan.FromSeconds(15);

        public Task<AnalysisResult> AnalyzeAsync(Stream rendition, PictureFacts facts, CancellationToken cancellationToken) =>
            throw new AnalyzerUnavailableException("Away.", Pause, isBusy: false);
    }

    private sealed class Reader(List<long> lengths, bool refuses) : IImageAnalyzer
    {
        public string Name => "reader 1";

        public async Task<AnalysisResult> AnalyzeAsync(Stream rendition, PictureFacts facts, CancellationToken cancellationToken)
        {
            using var read = new MemoryStream();
            await rendition.CopyToAsync(read, cancellationToken);
            lengths.Add(read.Length);
            return refuses ? throw new AnalysisFailedException("No.") : ScriptedAnalyzer.Boat;
        }
    }
}
