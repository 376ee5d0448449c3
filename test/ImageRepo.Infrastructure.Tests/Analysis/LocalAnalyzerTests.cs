using ImageRepo.Domain.Analysis;
using ImageRepo.Infrastructure.Analysis;
using ImageRepo.Infrastructure.Analysis.Text;
using ImageRepo.Infrastructure.Imaging;
using ImageRepo.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageRepo.Infrastructure.Tests.Analysis;

/// <summary>The real networks on real photos.</summary>
public sealed class LocalAnalyzerTests : IDisposable
{
    private readonly NanoDet _objects = new(new ModelFiles(ModelFiles.ShippedDirectory));
    private readonly SsdMobileNet _second = new(new ModelFiles(ModelFiles.ShippedDirectory));
    private readonly BlazeFace _faces = new(new ModelFiles(ModelFiles.ShippedDirectory));
    private readonly TextDetector _lines = new(new ModelFiles(ModelFiles.ShippedDirectory));
    private readonly LineReader _reader = new(new ModelFiles(ModelFiles.ShippedDirectory));
    private readonly LocalAnalyzer _analyzer;

    public LocalAnalyzerTests() => _analyzer = new LocalAnalyzer(_objects, _second, _faces, new TextRecognition(_lines, _reader), NullLogger<LocalAnalyzer>.Instance);

    [Fact]
    public async Task A_giraffe_is_seen_where_it_stands()
    {
        var (rendition, facts) = Renditions.OfPhoto("giraffe.jpg");

        var result = await _analyzer.AnalyzeAsync(rendition, facts, default);

        var giraffe = Assert.Single(result.Objects, o => o.Name == "giraffe");
        Assert.Contains(result.Tags, t => t.Name.Value == "giraffe" && t.Confidence == giraffe.Confidence);
        Assert.Equal("A photo of a giraffe and a zebra", result.Description);
        // With red and blue mixed up it is 0.71: still a giraffe, and wrong.
        Assert.InRange(giraffe.Confidence, 0.8f, 0.88f);
        // It stands right of the middle, from the ground nearly to the upper edge.
        Assert.InRange(giraffe.Box.X, 0.25f, 0.4f);
        Assert.InRange(giraffe.Box.Y, 0, 0.15f);
        Assert.InRange(giraffe.Box.Width, 0.45f, 0.65f);
        Assert.InRange(giraffe.Box.Height, 0.7f, 0.95f);
        Assert.Equal("local 1.6 (nanodet-g, ssd-mobilenet-v2, blazeface-back, pp-ocrv4)", result.Analyzer);
    }

    [Fact]
    public async Task One_person_with_a_large_face_is_a_portrait()
    {
        var (rendition, facts) = Renditions.OfPhoto("astronaut.jpg");

        var result = await _analyzer.AnalyzeAsync(rendition, facts, default);

        Assert.Equal("A photo of a person", result.Description);
        Assert.Superset(new HashSet<string> { "person", "face", "portrait" }, result.Tags.Select(t => t.Name.Value).ToHashSet());
    }

    [Theory]
    [InlineData(1024, 512)]
    [InlineData(512, 1024)]
    public void A_face_is_found_at_the_same_place_in_a_wider_or_higher_picture(int width, int height)
    {
        using var square = DecodedPixels.Decode(Renditions.OfPhoto("astronaut.jpg").Rendition);
        using var framed = DecodedPixels.Decode(Renditions.Framed("astronaut.jpg", width, height));

        var expected = Assert.Single(_faces.Detect(square)).Region;
        var found = Assert.Single(_faces.Detect(framed)).Region;

        Assert.Equal(expected.Left * 512, found.Left * width - (width - 512) / 2, 15f);
        Assert.Equal(expected.Top * 512, found.Top * height - (height - 512) / 2, 15f);
        Assert.Equal(expected.Width * 512, found.Width * width, 15f);
        Assert.Equal(expected.Height * 512, found.Height * height, 15f);
    }

    [Fact]
    public async Task A_cat_has_no_face_though_the_network_sees_one()
    {
        var (rendition, facts) = Renditions.OfPhoto("cat.jpg");
        using var pixels = DecodedPixels.Decode(Renditions.OfPhoto("cat.jpg").Rendition);

        var result = await _analyzer.AnalyzeAsync(rendition, facts, default);

        Assert.NotEmpty(_faces.Detect(pixels));
        Assert.DoesNotContain(result.Tags, t => t.Name.Value is "face" or "portrait" or "person");
    }

    [Fact]
    public async Task A_cat_that_one_network_is_not_sure_of_is_seen_by_two()
    {
        var (rendition, facts) = Renditions.OfPhoto("cat.jpg");
        using var pixels = DecodedPixels.Decode(Renditions.OfPhoto("cat.jpg").Rendition);

        var first = Assert.Single(_objects.Detect(pixels, default), d => d.Name == "cat");
        var second = Assert.Single(_second.Detect(pixels), d => d is { Name: "cat", Confidence: > 0.5f });
        var result = await _analyzer.AnalyzeAsync(rendition, facts, default);

        Assert.True(first.Lead < Sightings.SureOfSeenTwice && first.Region.Overlap(second.Region) > 0.7f, $"{first} {second}");
        Assert.Equal(second.Confidence, Assert.Single(result.Tags, t => t.Name.Value == "cat").Confidence);
    }

    [Fact]
    public async Task Every_photo_gets_only_what_is_sure()
    {
        Assert.NotEmpty(Renditions.Photos);
        foreach (var photo in Renditions.Photos)
        {
            var result = await AnalyzeAsync(photo);

            var tags = result.Tags.Select(t => t.Name.Value).ToList();
            Assert.Equal(tags.Distinct(), tags);
            Assert.All(result.Tags, t => Assert.InRange(t.Confidence, Sightings.SureBird, 1));
            Assert.All(result.Objects, o =>
            {
                Assert.InRange(o.Confidence, Sightings.SureBird, 1);
                Assert.True(o.Box is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 } && o.Box.X + o.Box.Width <= 1.0001f && o.Box.Y + o.Box.Height <= 1.0001f, $"{photo}: {o}");
            });
            if (!tags.Contains("person"))
            {
                Assert.DoesNotContain(tags, t => t is "face" or "portrait" or "people" or "group");
            }
        }
    }

    [Theory]
    [InlineData(1, 1600)]
    [InlineData(1600, 1)]
    [InlineData(1, 1)]
    [InlineData(1600, 1600)]
    public async Task Extreme_shapes_are_analysed(int width, int height)
    {
        var (rendition, facts) = Renditions.OfSize(width, height);

        var result = await _analyzer.AnalyzeAsync(rendition, facts, default);
        using var pixels = DecodedPixels.Decode(Renditions.OfSize(width, height).Rendition);
        var faces = _faces.Detect(pixels);

        Assert.Contains(result.Tags, t => t.Name.Value.Contains("orientation") || t.Name.Value == "square");
        Assert.All(faces, f => Assert.Equal(f.Region.Clip(), f.Region));
    }

    [Fact]
    public async Task Calls_that_overlap_see_the_same_as_calls_in_a_row()
    {
        var photos = Renditions.Photos.Take(3).ToList();
        var inARow = new List<AnalysisResult>();
        foreach (var photo in photos)
        {
            inARow.Add(await AnalyzeAsync(photo));
        }

        var overlapping = await Task.WhenAll(photos.Select(AnalyzeAsync));

        Assert.Equal(inARow.Select(r => r.Description), overlapping.Select(r => r.Description));
        Assert.Equal(inARow.SelectMany(r => r.Objects), overlapping.SelectMany(r => r.Objects));
    }

    [Fact]
    public async Task A_picture_that_can_not_be_read_fails_in_words_for_its_owner()
    {
        var whole = new MemoryStream();
        await Renditions.OfSize(800, 600).Rendition.CopyToAsync(whole);
        byte[][] unreadable = [[], "not a picture"u8.ToArray(), whole.ToArray()[..((int)whole.Length / 2)]];

        foreach (var bytes in unreadable)
        {
            var e = await Assert.ThrowsAsync<AnalysisFailedException>(
                () => _analyzer.AnalyzeAsync(new MemoryStream(bytes), Seen.Picture(), default));
            Assert.Equal("The stored preview of this picture can't be read, so it could not be analysed.", e.Message);
        }
    }

    [Fact]
    public async Task Objects_are_kept_when_the_text_can_not_be_read()
    {
        var log = new CapturedLog();
        using var logs = LoggerFactory.Create(l => l.AddProvider(log));
        using var missing = new TextDetector(new ModelFiles("/nowhere"));
        var analyzer = new LocalAnalyzer(_objects, _second, _faces, new TextRecognition(missing, _reader), logs.CreateLogger<LocalAnalyzer>());
        var (rendition, facts) = Renditions.OfPhoto("giraffe.jpg");

        var result = await analyzer.AnalyzeAsync(rendition, facts, default);

        Assert.Contains(result.Objects, o => o.Name == "giraffe");
        Assert.Null(result.Text);
        Assert.Contains(log.Entries, e => e.ToString().Contains("recognition of text failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_analysis_ends_as_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var (rendition, facts) = Renditions.OfSize(64, 64);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _analyzer.AnalyzeAsync(rendition, facts, cancelled.Token));
    }

    private async Task<AnalysisResult> AnalyzeAsync(string path)
    {
        var (rendition, facts) = Renditions.Of(path);
        using (rendition)
        {
            return await _analyzer.AnalyzeAsync(rendition, facts, default);
        }
    }

    public void Dispose()
    {
        _objects.Dispose();
        _second.Dispose();
        _faces.Dispose();
        _lines.Dispose();
        _reader.Dispose();
    }
}
