using System.Diagnostics;
using System.Globalization;
using ImageRepo.Domain.Analysis;
using ImageRepo.Testing;
using ImageRepo.Testing.Vision;
using WireMock.ResponseBuilders;

namespace ImageRepo.Infrastructure.Tests.Analysis.Azure;

/// <summary>Whose fault it is, and for how long nobody asks.</summary>
public sealed class AzureFaultsTests
{
    [Theory]
    [InlineData("40", VisionAnswers.Busy, 40)]
    [InlineData(null, VisionAnswers.Busy, 40)]
    [InlineData("7", VisionAnswers.Busy, 7)]
    [InlineData("-5", VisionAnswers.Busy, 40)]
    [InlineData("0", "{}", 1)]
    [InlineData("999999999999999999999", "{}", 3600)]
    [InlineData("soon", "not even JSON", 10)]
    [InlineData(null, "", 10)]
    public async Task A_busy_service_is_asked_again_when_it_says(string? header, string body, int seconds)
    {
        using var server = new VisionServer();
        server.Answer(429, body, header is null ? [] : [("Retry-After", header)]);
        using var given = new AzureGiven(server);

        var busy = await given.IsUnavailableAsync();

        Assert.Equal((true, "The image analysis of Azure is busy; this image waits for its turn."), (busy.IsBusy, busy.Message));
        Assert.Equal(TimeSpan.FromSeconds(seconds), busy.RetryAfter);
        // Until then nobody else is sent.
        var next = await given.IsUnavailableAsync();
        Assert.True(next.IsBusy);
        Assert.Equal(TimeSpan.FromSeconds(seconds), given.Analyzer.Pause);
        Assert.Single(server.Requests);

        server.Answer(200, VisionAnswers.Version40);
        given.Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(TimeSpan.Zero, given.Analyzer.Pause);
        Assert.NotEmpty((await given.AnalyzeAsync()).Tags);
    }

    [Fact]
    public async Task A_date_to_come_back_at_is_understood()
    {
        using var server = new VisionServer();
        using var given = new AzureGiven(server);
        server.Answer(503, "", ("Retry-After", (given.Time.GetUtcNow() + TimeSpan.FromMinutes(2)).ToString("R", CultureInfo.InvariantCulture)));

        var away = await given.IsUnavailableAsync();

        Assert.False(away.IsBusy);
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2)), (away.RetryAfter, given.Analyzer.Pause));
    }

    [Theory]
    [InlineData(401, VisionAnswers.BadKey)]
    [InlineData(403, """{"error":{"code":"403","message":"Public access is disabled. Please configure private endpoint."}}""")]
    [InlineData(404, """{"error":{"code":"404","message": "Resource not found"}}""")]
    [InlineData(302, "")]
    public async Task Wrong_settings_are_the_operators_matter_and_not_the_pictures(int status, string body)
    {
        using var server = new VisionServer();
        server.Answer(status, body, ("Location", "http://elsewhere.invalid/"));
        using var given = new AzureGiven(server);

        var refused = await given.IsUnavailableAsync();

        Assert.False(refused.IsBusy);
        Assert.Equal("The image analysis of Azure refuses this server's settings; this image waits until they are right.", refused.Message);
        Assert.Equal(TimeSpan.FromMinutes(5), given.Analyzer.Pause);
        var told = Assert.Single(given.Log.Entries, e => e.Level == Microsoft.Extensions.Logging.LogLevel.Warning).ToString();
        Assert.Contains($"status {status}", told);
        Assert.Contains("Analysis:Azure:Endpoint, Key and Entra", told);
        Assert.DoesNotContain(AzureGiven.Key, told);
    }

    [Fact]
    public async Task A_refused_picture_ends_with_the_services_words()
    {
        using var server = new VisionServer();
        server.Answer(400, VisionAnswers.InvalidPicture);
        using var given = new AzureGiven(server);

        var refused = await Assert.ThrowsAsync<AnalysisFailedException>(() => given.AnalyzeAsync());

        Assert.Equal("Azure could not analyse this picture: Image format is not valid.", refused.Message);
        Assert.Equal(TimeSpan.Zero, given.Analyzer.Pause);
    }

    [Theory]
    [InlineData("", "Azure could not analyse this picture, and does not say why.")]
    [InlineData("<html>", "Azure could not analyse this picture, and does not say why.")]
    [InlineData("""{"code":"InvalidImageSize","message":"Too\r\n\u0000\u202elarge","requestId":"1"}""", "Azure could not analyse this picture: Too large")]
    public async Task The_services_words_are_one_line_that_can_be_stored(string body, string expected)
    {
        using var server = new VisionServer();
        server.Answer(400, body);
        using var given = new AzureGiven(server);

        Assert.Equal(expected, (await Assert.ThrowsAsync<AnalysisFailedException>(() => given.AnalyzeAsync())).Message);
    }

    [Fact]
    public async Task Long_words_of_the_service_are_cut()
    {
        using var server = new VisionServer();
        server.Answer(400, $$$"""{"error":{"message":"{{{new string('x', 10_000)}}}"}}""");
        using var given = new AzureGiven(server);

        Assert.InRange((await Assert.ThrowsAsync<AnalysisFailedException>(() => given.AnalyzeAsync())).Message.Length, 300, 400);
    }

    [Fact]
    public async Task A_dead_service_is_left_alone_for_longer_and_longer_and_taken_back()
    {
        using var server = new VisionServer();
        server.Answer(500, """{"error":{"code":"InternalServerError","message":"Oops"}}""");
        using var given = new AzureGiven(server);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(TimeSpan.FromSeconds(15), (await given.IsUnavailableAsync()).RetryAfter);
        }
        var first = given.Analyzer.Pause;
        await given.IsUnavailableAsync();
        Assert.Equal(3, server.Requests.Count);
        given.Time.Advance(first);
        await given.IsUnavailableAsync();
        var second = given.Analyzer.Pause;

        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)), (first, second));
        server.Answer(200, VisionAnswers.Version40);
        given.Time.Advance(second);
        await given.AnalyzeAsync();
        await given.AnalyzeAsync();
        Assert.Equal(TimeSpan.Zero, given.Analyzer.Pause);
    }

    [Fact]
    public async Task A_single_failure_keeps_nobody_else()
    {
        using var server = new VisionServer();
        server.Answer((call, _) => call == 1 ? (500, "", []) : (200, VisionAnswers.Version40, []));
        using var given = new AzureGiven(server);

        await given.IsUnavailableAsync();

        Assert.Equal(TimeSpan.Zero, given.Analyzer.Pause);
        await given.AnalyzeAsync();
    }

    [Fact]
    public async Task No_more_requests_a_minute_are_sent_than_are_allowed()
    {
        using var server = new VisionServer();
        using var given = new AzureGiven(server, o => o.RequestsPerMinute = 3);
        for (var i = 0; i < 3; i++)
        {
            await given.AnalyzeAsync();
        }

        var over = await given.IsUnavailableAsync();

        Assert.True(over.IsBusy);
        Assert.Equal(TimeSpan.FromMinutes(1), over.RetryAfter);
        Assert.Equal(3, server.Requests.Count);
        given.Time.Advance(over.RetryAfter);
        await given.AnalyzeAsync();
    }

    [Theory]
    [InlineData(FaultType.EMPTY_RESPONSE)]
    [InlineData(FaultType.MALFORMED_RESPONSE_CHUNK)]
    public async Task A_broken_answer_is_not_the_pictures_fault(FaultType fault)
    {
        using var server = new VisionServer();
        server.Respond(Response.Create().WithBody("{").WithFault(fault));
        using var given = new AzureGiven(server);

        var failed = await Record.ExceptionAsync(() => given.AnalyzeAsync());

        // Half an answer may have arrived as a whole one; then it is no result, which is tried again too.
        Assert.True(failed is AnalyzerUnavailableException { IsBusy: false } or InvalidDataException, failed?.ToString());
    }

    [Fact]
    public async Task A_cut_connection_is_not_the_pictures_fault()
    {
        await using var server = new RemoteServer((_, connection, _) =>
        {
            connection.Dispose();
            return Task.CompletedTask;
        });
        using var given = new AzureGiven(server.Url("/").ToString());

        Assert.False((await given.IsUnavailableAsync()).IsBusy);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_not_the_pictures_fault()
    {
        var server = new VisionServer();
        using var given = new AzureGiven(server);
        server.Dispose();

        Assert.False((await given.IsUnavailableAsync()).IsBusy);
    }

    [Fact]
    public async Task A_hang_ends_by_the_time_out_and_holds_no_thread()
    {
        const int Hanging = 100;
        await using var server = new RemoteServer((_, _, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));
        using var given = new AzureGiven(server.Url("/").ToString(), o => o.Timeout = TimeSpan.FromSeconds(3));
        var clock = Stopwatch.StartNew();

        var calls = Enumerable.Range(0, Hanging).Select(_ => Assert.ThrowsAsync<AnalyzerUnavailableException>(() => given.AnalyzeAsync(60, 60))).ToList();
        while (server.Connections < Hanging && clock.Elapsed < TimeSpan.FromSeconds(2))
        {
            await Task.Delay(20);
        }
        var threads = ThreadPool.ThreadCount;
        var ended = await Task.WhenAll(calls);

        Assert.InRange(server.Connections, 1, Hanging);
        Assert.True(threads < Hanging / 2, $"{threads} threads for {server.Connections} requests that hang");
        Assert.All(ended, e => Assert.False(e.IsBusy));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_cancelled_analysis_is_cancelled_and_no_failure_of_the_service()
    {
        await using var server = new RemoteServer((_, _, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));
        using var given = new AzureGiven(server.Url("/").ToString());
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var (rendition, facts) = Renditions.OfSize(100, 100);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.Analyzer.AnalyzeAsync(rendition, facts, cancelled.Token));

        Assert.Equal(TimeSpan.Zero, given.Analyzer.Pause);
    }
}
