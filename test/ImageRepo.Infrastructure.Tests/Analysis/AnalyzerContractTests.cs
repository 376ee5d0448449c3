using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis;
using ImageRepo.Infrastructure.Tests.Analysis.Azure;
using ImageRepo.Testing.Vision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Analysis;

public sealed class LocalAnalyzerContractTests : AnalyzerContract, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddAnalysis(new ConfigurationBuilder().Build()).BuildServiceProvider();

    private protected override IImageAnalyzer Analyzer => _services.GetRequiredService<IImageAnalyzer>();

    public void Dispose() => _services.Dispose();
}

public sealed class AzureAnalyzerContractTests : AnalyzerContract, IDisposable
{
    private readonly VisionServer _server = new();
    private readonly AzureGiven _given;

    public AzureAnalyzerContractTests() => _given = new AzureGiven(_server);

    private protected override IImageAnalyzer Analyzer => _given.Analyzer;

    public void Dispose()
    {
        _given.Dispose();
        _server.Dispose();
    }
}

public sealed class AnalyzerChainContractTests : AnalyzerContract, IDisposable
{
    private readonly VisionServer _server = new();
    private readonly ServiceProvider _services;

    public AnalyzerChainContractTests() => _services = new ServiceCollection().AddLogging().AddAnalysis(new ConfigurationBuilder().AddInMemoryCollection(
    [
        new("Analysis:Provider", "azure, local"), new("Analysis:Azure:Endpoint", _server.Address), new("Analysis:Azure:Key", AzureGiven.Key),
    ]).Build()).BuildServiceProvider();

    private protected override IImageAnalyzer Analyzer => _services.GetRequiredService<IImageAnalyzer>();

    public void Dispose()
    {
        _services.Dispose();
        _server.Dispose();
    }
}
