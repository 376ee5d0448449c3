using ImageRepo.Domain.Analysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace ImageRepo.Infrastructure.Analysis.Azure;

/// <summary>
/// The analyzer that asks Azure AI Vision. Whatever is not the picture's fault ends as <see cref="AnalyzerUnavailableException"/> at once
/// and closes the gate for as long as the service says, or, when it says nothing, for as long as it has failed before.
/// </summary>
internal sealed class AzureVisionAnalyzer : IImageAnalyzer
{
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(5);

    private readonly AzureVisionClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger<AzureVisionAnalyzer> _logger;
    private readonly Uri _endpoint;
    private readonly IVisionVersion _version;
    private readonly ServiceGate _gate;
    private readonly ResiliencePipeline<AnalysisResult> _breaker;

    public AzureVisionAnalyzer(AzureVisionClient client, IOptions<AzureOptions> options, TimeProvider time, ILogger<AzureVisionAnalyzer> logger)
    {
        (_client, _time, _logger) = (client, time, logger);
        _endpoint = new Uri(options.Value.Endpoint);
        _version = options.Value.IsVersion32 ? new ImageAnalysis32() : new ImageAnalysis40(options.Value.ApiVersion);
        _gate = new ServiceGate(options.Value.RequestsPerMinute, time);
        _breaker = Breaker(options.Value.Timeout);
    }

    public string Name => _version.Name;

    public TimeSpan Pause => _gate.Pause;

    public async Task<AnalysisResult> AnalyzeAsync(Stream rendition, PictureFacts facts, CancellationToken cancellationToken)
    {
        var picture = await AzurePicture.ReadAsync(rendition, cancellationToken);
        _gate.Pass();
        try
        {
            return await _breaker.ExecuteAsync(token => new ValueTask<AnalysisResult>(AskAsync(picture, token)), cancellationToken);
        }
        catch (BrokenCircuitException broken)
        {
            // Another request is finding out whether the service is back.
            throw AzureFaults.NoAnswer("it has given none to the requests before", broken, broken.RetryAfter);
        }
        catch (AnalyzerUnavailableException unavailable)
        {
            // A single failure without a word about when to come back may be this picture's; the breaker finds out whether it is all of them.
            if (unavailable.IsBusy || unavailable.RetryAfter > AzureFaults.OutageRetry)
            {
                Close(unavailable);
            }
            throw;
        }
    }

    private async Task<AnalysisResult> AskAsync(byte[] picture, CancellationToken cancellationToken)
    {
        while (true)
        {
            var address = _version.Address(_endpoint);
            var answer = await _client.SendAsync(address, picture, cancellationToken);
            if (answer.Status == 200)
            {
                return _version.Read(answer.Body);
            }
            if (!AzureFaults.IsMissingFeature(answer) || !_version.LeaveOutWhatIsMissing() || _version.Address(_endpoint) == address)
            {
                throw AzureFaults.Of(answer, _time.GetUtcNow());
            }
            _logger.LogInformation("Azure's region has no captions; pictures are analysed without one from now on");
            _gate.Pass();
        }
    }

    /// <summary>Half of three requests or more without an answer in the time of four: then a pause, which doubles as long as nothing changes.</summary>
    private ResiliencePipeline<AnalysisResult> Breaker(TimeSpan timeout) => new ResiliencePipelineBuilder<AnalysisResult> { TimeProvider = _time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<AnalysisResult>
        {
            ShouldHandle = new PredicateBuilder<AnalysisResult>().Handle<AnalyzerUnavailableException>(e => !e.IsBusy).Handle<InvalidDataException>(),
            FailureRatio = 0.5,
            MinimumThroughput = 3,
            SamplingDuration = timeout * 4 > TimeSpan.FromMinutes(1) ? timeout * 4 : TimeSpan.FromMinutes(1),
            BreakDurationGenerator = opened => ValueTask.FromResult(PauseAfter(opened.HalfOpenAttempts)),
            OnOpened = opened =>
            {
                Close(AzureFaults.NoAnswer("several requests in a row had none", opened.Outcome.Exception, opened.BreakDuration));
                return default;
            },
        })
        .Build();

    private static TimeSpan PauseAfter(int failedTrials) =>
        TimeSpan.FromSeconds(Math.Min(AzureFaults.OutageRetry.TotalSeconds * Math.Pow(2, failedTrials), LongestBreak.TotalSeconds));

    private void Close(AnalyzerUnavailableException reason)
    {
        if (!_gate.Close(reason))
        {
            return;
        }
        if (reason.IsBusy)
        {
            _logger.LogInformation("Azure is asked again in {Pause}: it is busy, or the quota a minute is used up", reason.RetryAfter);
        }
        else
        {
            _logger.LogWarning(reason.InnerException, "Azure is asked again in {Pause}: {Reason}", reason.RetryAfter, reason.InnerException?.Message);
        }
    }
}
