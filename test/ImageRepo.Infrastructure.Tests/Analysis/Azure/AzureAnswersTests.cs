using System.Text;
using System.Text.Json;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.Testing.Vision;

namespace ImageRepo.Infrastructure.Tests.Analysis.Azure;

/// <summary>What is asked, and what becomes of the answers.</summary>
public sealed class AzureAnswersTests
{
    [Fact]
    public async Task Version_4_gives_caption_tags_objects_text_and_people()
    {
        using var server = new VisionServer();
        using var given = new AzureGiven(server);

        var result = await given.AnalyzeAsync();

        Assert.Equal(("azure-vision 4.0 (2024-02-01)", "2023-10-01"), (result.Analyzer, result.ModelVersion));
        Assert.Equal(("a man pointing at a screen", 0.7768f), (result.Description, result.DescriptionConfidence));
        // Written twice, it counts once; two people are as sure as the second of them.
        Assert.Equal([("text", 0.9966f), ("clothing", 0.98f), ("people", 0.85f)], result.Tags.Select(t => (t.Name.Value, t.Confidence)));
        // Whom both features see is one person; whom the service itself does not believe in is none.
        Assert.Equal(
            [new DetectedObject("laptop", 0.8f, new Box(0.25f, 0.2f, 0.5f, 0.4f)), new("person", 0.95f, new Box(0, 0, 0.3f, 1)), new("person", 0.85f, new Box(0.5f, 0, 0.3f, 1))],
            result.Objects.Select(o => o with { Box = Rounded(o.Box) }));
        var line = Assert.Single(result.Text!);
        Assert.Equal(("9:35 AM", 0.8f, new Box(0.1f, 0.1f, 0.2f, 0.1f)), (line.Text, MathF.Round(line.Confidence, 3), Rounded(line.Box)));
    }

    [Fact]
    public async Task Version_3_2_gives_a_description_and_tags()
    {
        using var server = new VisionServer(VisionAnswers.Version32);
        using var given = new AzureGiven(server, o => o.ApiVersion = "3.2");

        var result = await given.AnalyzeAsync();

        Assert.Equal(("azure-vision 3.2", "2021-04-01"), (result.Analyzer, result.ModelVersion));
        Assert.Equal(("Satya Nadella sitting on a bench", 0.4829f), (result.Description, result.DescriptionConfidence));
        Assert.Equal([("person", 0.9897f), ("indoor", 0.95f)], result.Tags.Select(t => (t.Name.Value, t.Confidence)));
        // Nobody looked for text, so what was read before stays.
        Assert.Null(result.Text);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/vision/v3.2/analyze", request.Path);
        Assert.Equal("Description,Tags", string.Join(',', request.Query!["visualFeatures"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("3.2")]
    public async Task A_jpeg_is_sent_with_the_key_in_its_header_and_nowhere_else(string? version)
    {
        using var server = new VisionServer(version is null ? VisionAnswers.Version40 : VisionAnswers.Version32);
        using var given = new AzureGiven(server, o => o.ApiVersion = version ?? o.ApiVersion);

        await given.AnalyzeAsync(1600, 900);

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal(AzureGiven.Key, request.Headers!["Ocp-Apim-Subscription-Key"].Single());
        Assert.Equal("application/octet-stream", request.Headers["Content-Type"].Single());
        Assert.True(request.BodyAsBytes is [0xff, 0xd8, 0xff, ..]);
        Assert.InRange(request.BodyAsBytes!.Length, 1, 4_000_000);
        Assert.DoesNotContain(AzureGiven.Key, request.Url);
        Assert.DoesNotContain(given.Log.Entries, e => e.ToString().Contains(AzureGiven.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_animation_is_sent_as_a_jpeg_of_its_first_frame()
    {
        using var server = new VisionServer();
        using var given = new AzureGiven(server);
        using var frames = NetVips.Image.Black(120, 240, bands: 3).Cast(NetVips.Enums.BandFormat.Uchar).Copy(interpretation: NetVips.Enums.Interpretation.Srgb);
        using var paged = frames.Mutate(m => m.Set(NetVips.GValue.GIntType, "page-height", 120));

        await given.Analyzer.AnalyzeAsync(new MemoryStream(paged.WebpsaveBuffer()), Seen.Picture(120, 120), default);

        using var sent = NetVips.Image.NewFromBuffer(Assert.Single(server.Requests).BodyAsBytes!);
        Assert.Equal((120, 120), (sent.Width, sent.Height));
        Assert.StartsWith("jpegload", (string)sent.Get("vips-loader"));
    }

    [Fact]
    public async Task A_region_without_captions_is_asked_once_and_then_no_more()
    {
        using var server = new VisionServer();
        server.Answer((_, request) => request.Url.Contains("caption", StringComparison.Ordinal) ? (400, VisionAnswers.WithoutCaption, []) : (200, VisionAnswers.Version40, []));
        using var given = new AzureGiven(server);

        var first = await given.AnalyzeAsync();
        await given.AnalyzeAsync();

        Assert.NotEmpty(first.Tags);
        Assert.Equal(["caption,tags,objects,read,people", "tags,objects,read,people", "tags,objects,read,people"], server.Requests.Select(r => string.Join(',', r.Query!["features"])));
    }

    [Theory]
    [InlineData(50, 800)]
    [InlineData(800, 32)]
    [InlineData(1, 1)]
    public async Task A_picture_under_the_services_least_size_is_not_sent_and_says_so(int width, int height)
    {
        using var server = new VisionServer();
        using var given = new AzureGiven(server);

        var refused = await Assert.ThrowsAsync<AnalysisFailedException>(() => given.AnalyzeAsync(width, height));

        Assert.Equal($"Azure takes pictures of 51 pixels a side or more; this one is sent with {width} x {height}.", refused.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Hostile_words_and_numbers_are_made_fit_to_be_stored()
    {
        var answer = JsonSerializer.Serialize(new
        {
            modelVersion = new string('9', 5_000),
            captionResult = new { text = "<script>alert(1)</script>\0\r\n\u202egnp " + new string('x', 5_000), confidence = 17.5 },
            metadata = new { width = 1000, height = 500 },
            tagsResult = new
            {
                values = Enumerable.Range(0, 1_000).Select(i => (object?)new { name = $"Tag  {i}", confidence = -1 })
                    .Prepend(new { name = "<b>\u0007Bold</b>", confidence = 2 }).Prepend(new { name = new string('t', 101), confidence = 1 })
                    .Prepend(new { name = (string?)null, confidence = 1 }).Prepend(new { name = " \u200b", confidence = 1 }).Prepend(null),
            },
            objectsResult = new
            {
                values = Enumerable.Range(0, 500).Select(i => new { boundingBox = new { x = -100.5, y = 400, w = 1e9, h = 1e9 }, tags = new[] { new { name = "thing", confidence = 0.5 } } }),
            },
            readResult = new { blocks = new object?[] { null, new { lines = new object?[] { null, new { text = "a\0b", boundingPolygon = new[] { new { x = 1e30, y = -1e30 }, new { x = 0.0, y = 0.0 } } } } } } },
            peopleResult = new { values = new[] { new { boundingBox = new { x = 2000, y = 2000, w = 5, h = 5 }, confidence = 0.99 } } },
        });
        using var server = new VisionServer(answer);
        using var given = new AzureGiven(server);

        var result = await given.AnalyzeAsync();

        Assert.StartsWith("<script>alert(1)</script> gnp xxx", result.Description);
        Assert.Equal((1_000, 1f), (result.Description!.Length, result.DescriptionConfidence!.Value));
        Assert.Equal(100, result.ModelVersion!.Length);
        Assert.Equal(("<b> bold</b>", 1f), (result.Tags[0].Name.Value, result.Tags[0].Confidence));
        Assert.InRange(result.Tags.Count, 150, 200);
        Assert.All(result.Tags, t => Assert.InRange(t.Confidence, 0, 1));
        Assert.Equal(200, result.Objects.Count);
        Assert.All(result.Objects, o => Assert.True(o.Box is { X: 0, Y: >= 0.79f } && o.Box.X + o.Box.Width <= 1.0001f && o.Box.Y + o.Box.Height <= 1.0001f, o.ToString()));
        Assert.DoesNotContain(result.Objects, o => o.Name == "person");
        Assert.Empty(result.Text!);
        // Whatever it says, the domain takes it.
        Assert.All(result.Tags, t => Assert.Equal(t.Name, TagName.Parse(t.Name.Value)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"tagsResult\":{\"values\":[{\"name\":7}]}}")]
    [InlineData("{\"tagsResult\":{\"values\":[")]
    [InlineData("{\"tagsResult\":{\"values\":[{\"name\":\"\\ud800\"}]}}")]
    [InlineData("<html><body>Sign in to the Wi-Fi</body></html>")]
    public async Task What_is_no_answer_is_no_result(string body)
    {
        using var server = new VisionServer(body);
        using var given = new AzureGiven(server);

        await Assert.ThrowsAsync<InvalidDataException>(() => given.AnalyzeAsync());
    }

    [Fact]
    public async Task An_answer_without_an_end_is_not_read_to_its_end()
    {
        using var server = new VisionServer();
        server.Answer(200, new StringBuilder("{\"modelVersion\":\"").Append('x', 9 * 1024 * 1024).ToString());
        using var given = new AzureGiven(server);

        Assert.Contains("8388608 bytes", (await Assert.ThrowsAsync<InvalidDataException>(() => given.AnalyzeAsync())).Message);
    }

    private static Box Rounded(Box box) => new(MathF.Round(box.X, 3), MathF.Round(box.Y, 3), MathF.Round(box.Width, 3), MathF.Round(box.Height, 3));
}
