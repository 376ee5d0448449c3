using ImageRepo.Domain.Pictures;
using ImageRepo.Evaluation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Infrastructure.Tests.Imaging;

/// <summary>Palettes of uploads whose colours are known: flat, grainy, blurred, with gradients, near colours, transparent, as JPEG.</summary>
public sealed class PaletteTests
{
    [Fact]
    public Task Every_area_of_twenty_charts_is_in_the_palette_with_its_share() => AssertRightAsync(charts: 20, seed: 2);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(11)]
    [Trait("Category", "Full")]
    public Task Every_area_of_two_hundred_charts_is_in_the_palette_with_its_share(int seed) => AssertRightAsync(charts: 200, seed);

    private static async Task AssertRightAsync(int charts, int seed)
    {
        await using var services = Analyzers.Start();
        var findings = await new ColorEvaluation(services.GetRequiredService<IPictureReader>()).RunAsync(new ColorCharts(seed).Take(charts));

        Assert.True(findings.Count >= 2 * charts);
        Assert.DoesNotContain(findings, f => !f.IsRight);
    }
}
