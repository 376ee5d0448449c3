using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Tests.Persistence;

public sealed class ImageSearchTests : IAsyncLifetime
{
    private InfrastructureHost _host = null!;

    public async Task InitializeAsync() => _host = await InfrastructureHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("giraffe", true)]
    [InlineData("GIRAFFES", true)]
    [InlineData("gir", true)]
    [InlineData("gir zoo", false)]
    [InlineData("zoo gir", true)]
    [InlineData("\"tall giraffe\"", true)]
    [InlineData("\"giraffe tall\"", false)]
    [InlineData("giraffe -zebra", true)]
    [InlineData("giraffe -zoo", false)]
    [InlineData("-zebra", true)]
    [InlineData("safari", true)]
    [InlineData("img", true)]
    [InlineData("4711", true)]
    [InlineData("IMG_4711.jpg", true)]
    [InlineData("zürich", true)]
    [InlineData("elephant", false)]
    [InlineData("' or 1=1 --", false)]
    [InlineData("& | ! <-> :*", true)]
    public async Task Words_are_found_wherever_they_stand(string search, bool isFound)
    {
        var owner = await _host.NewOwnerAsync();
        await _host.AddImageAsync(owner, "A tall giraffe in the zoo of Zürich", "IMG_4711.jpg", tags: ["safari", "animal"]);

        var found = await _host.QueryAsync(owner, db => db.Images.Matching(SearchWords.Parse(search)).CountAsync());

        Assert.Equal(isFound ? 1 : 0, found);
    }

    [Theory]
    [InlineData("lighthouse", true)]
    [InlineData("lighthouses -giraffe", true)]
    [InlineData("\"no parking\"", true)]
    [InlineData("motel", false)]
    public async Task Words_that_stand_in_the_picture_are_found(string search, bool isFound)
    {
        var owner = await _host.NewOwnerAsync();
        var image = await _host.AddImageAsync(owner, "The coast");
        var result = new AnalysisResult("test 1.0", null, null, [], [])
        {
            Text = [new TextLine("LIGHTHOUSE HOTEL", 0.9f, new Box(0.1f, 0.2f, 0.5f, 0.1f)), new TextLine("No parking", 0.8f, new Box(0, 0.5f, 1, 0.1f))],
        };
        await _host.LibraryAsync(owner, l => l.ChangeAsync(owner, [image.Id], i =>
        {
            i.StartAnalysis();
            i.CompleteAnalysis(result, new ImageLimits(), DateTimeOffset.UtcNow);
        }, CancellationToken.None));

        var found = await _host.QueryAsync(owner, db => db.Images.Matching(SearchWords.Parse(search)).ToListAsync());

        Assert.Equal(isFound ? result.Text : [], found.SelectMany(i => i.Text));
    }
}
