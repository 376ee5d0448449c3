using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Tests.Analysis;

public sealed class AnalysisServicesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("local")]
    public async Task The_local_analyzer_is_the_default(string? provider)
    {
        using var host = Host(provider);

        await host.StartAsync();

        Assert.StartsWith("local ", host.Services.GetRequiredService<IImageAnalyzer>().Name);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("Azur")]
    [InlineData("")]
    [InlineData("0")]
    public async Task An_unknown_analyzer_stops_the_start_and_names_the_allowed_ones(string provider)
    {
        using var host = Host(provider);

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal($"Analysis:Provider is '{provider}'; allowed: Local.", e.Message);
    }

    [Fact]
    public async Task A_damaged_model_stops_the_start_and_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("imagerepo-models-");
        try
        {
            foreach (var file in ModelFiles.All)
            {
                File.Copy(Path.Combine(ModelFiles.ShippedDirectory, file.Name), Path.Combine(folder.FullName, file.Name));
            }
            ModelFilesTests.DamageBlazeFace(folder.FullName);
            using var host = Host(null, services => services.AddSingleton(new ModelFiles(folder.FullName)));

            var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

            Assert.Contains("blazeface.onnx", e.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IHost Host(string? provider, Action<IServiceCollection>? change = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        if (provider is not null)
        {
            builder.Configuration.AddInMemoryCollection([new("Analysis:Provider", provider)]);
        }
        builder.Services.AddAnalysis(builder.Configuration);
        change?.Invoke(builder.Services);
        return builder.Build();
    }
}
