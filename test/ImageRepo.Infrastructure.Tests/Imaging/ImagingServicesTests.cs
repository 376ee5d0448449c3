using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Infrastructure.Imaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Tests.Imaging;

public sealed class ImagingServicesTests
{
    [Fact]
    public void The_reader_and_its_gate_are_one_a_process()
    {
        using var services = Services("Imaging:QueueLength", "3");

        Assert.Same(services.GetRequiredService<IPictureReader>(), services.GetRequiredService<IPictureReader>());
        Assert.Equal(3, services.GetRequiredService<IOptions<ImagingOptions>>().Value.QueueLength);
    }

    [Theory]
    [InlineData("Imaging:Parallelism", "-1", "Parallelism")]
    [InlineData("Imaging:PixelsInFlight", "0", "PixelsInFlight")]
    [InlineData("Imaging:RetryAfter", "00:00:00", "RetryAfter")]
    public void A_wrong_setting_names_itself(string key, string value, string named)
    {
        using var services = Services(key, value);

        Assert.Contains(named, Assert.Throws<OptionsValidationException>(services.GetRequiredService<IPictureReader>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_libvips_are_taken_and_others_are_told_apart()
    {
        Vips.EnsureReady();

        Assert.True(VipsOptions.TrySet("--vips-tile-height=32"));
        Assert.False(VipsOptions.TrySet("--vips-no-such-thing=32"));
    }

    private static ServiceProvider Services(string key, string value) => new ServiceCollection()
        .AddSingleton(new ImageLimits())
        .AddImaging(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build())
        .BuildServiceProvider();
}
