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
    [InlineData("Azure,")]
    [InlineData("Local,local")]
    [InlineData("Azure;Local")]
    [InlineData("")]
    [InlineData("0")]
    public async Task An_unknown_analyzer_stops_the_start_and_names_the_allowed_ones(string provider)
    {
        using var host = Host(provider);

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal($"Analysis:Provider is '{provider}'; allowed: Local, Azure, or several of them in order, such as Azure,Local.", e.Message);
    }

    [Fact]
    public async Task A_chain_bears_the_name_of_its_first_and_its_settings_are_checked()
    {
        using var host = Host("Azure, Local", settings: [new("Analysis:Azure:Endpoint", "https://photos.cognitiveservices.azure.com"), new("Analysis:Azure:Key", "abc")]);
        using var unset = Host("Azure,Local");

        await host.StartAsync();
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => unset.StartAsync());

        Assert.Equal("azure-vision 4.0 (2024-02-01)", host.Services.GetRequiredService<IImageAnalyzer>().Name);
        Assert.Contains("Analysis:Azure:Endpoint is ''", e.Message);
        Assert.Contains("Analysis:Azure:Key", e.Message);
        await host.StopAsync();
    }

    [Fact]
    public async Task Azure_alone_needs_no_model_files()
    {
        using var host = Host("AZURE", services => services.AddSingleton(new ModelFiles("/nowhere")),
            new("Analysis:Azure:Endpoint", "https://photos.cognitiveservices.azure.com"), new("Analysis:Azure:Key", "abc"));

        await host.StartAsync();
        await host.StopAsync();
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

    private static IHost Host(string? provider, Action<IServiceCollection>? change = null, params KeyValuePair<string, string?>[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        if (provider is not null)
        {
            builder.Configuration.AddInMemoryCollection([new("Analysis:Provider", provider)]);
        }
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddAnalysis(builder.Configuration);
        change?.Invoke(builder.Services);
        return builder.Build();
    }
}
