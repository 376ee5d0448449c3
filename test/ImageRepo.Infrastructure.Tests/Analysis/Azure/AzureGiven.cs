using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis.Azure;
using ImageRepo.Infrastructure.Tests.ObjectStorage;
using ImageRepo.Testing;
using ImageRepo.Testing.Vision;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Tests.Analysis.Azure;

/// <summary>The real analyzer before a service of the test's.</summary>
internal sealed class AzureGiven : IDisposable
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    private readonly ILoggerFactory _logs;
    private readonly AzureVisionClient _client;

    public AzureGiven(string address, Action<AzureOptions>? configure = null)
    {
        var options = new AzureOptions { Endpoint = address, Key = Key, Timeout = TimeSpan.FromSeconds(20) };
        configure?.Invoke(options);
        _logs = LoggerFactory.Create(l => l.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        _client = new AzureVisionClient(Options.Create(options), Time);
        Analyzer = new AzureVisionAnalyzer(_client, Options.Create(options), Time, _logs.CreateLogger<AzureVisionAnalyzer>());
    }

    public AzureGiven(VisionServer server, Action<AzureOptions>? configure = null) : this(server.Address, configure)
    {
    }

    /// <summary>Stands still but for the time-outs, which run as they do.</summary>
    public SteppedTime Time { get; } = new(new DateTimeOffset(2026, 5, 17, 12, 0, 0, TimeSpan.Zero));

    public CapturedLog Log { get; } = new();

    public AzureVisionAnalyzer Analyzer { get; }

    public async Task<AnalysisResult> AnalyzeAsync(int width = 1000, int height = 500)
    {
        var (rendition, facts) = Renditions.OfSize(width, height);
        using (rendition)
        {
            return await Analyzer.AnalyzeAsync(rendition, facts, CancellationToken.None);
        }
    }

    public Task<AnalyzerUnavailableException> IsUnavailableAsync() => Assert.ThrowsAsync<AnalyzerUnavailableException>(() => AnalyzeAsync());

    public void Dispose()
    {
        _client.Dispose();
        _logs.Dispose();
    }
}
