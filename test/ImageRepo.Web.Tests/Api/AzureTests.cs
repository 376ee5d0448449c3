using System.Net;
using System.Text.Json;
using ImageRepo.Testing;
using ImageRepo.Testing.Vision;

namespace ImageRepo.Web.Tests.Api;

/// <summary>The whole product with Azure as its analyzer, which says what a hostile one could.</summary>
public sealed class AzureTests(AzureApp app) : AppTests<AzureApp>(app)
{
    [Fact]
    public async Task What_a_service_says_is_shown_as_text_and_never_as_markup()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");

        Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(id));

        foreach (var page in new[] { await person.GetPageAsync(ImageRepoClient.PageOf(id)), await person.GetPageAsync("/images") })
        {
            Assert.DoesNotContain("<script>alert", page);
            Assert.DoesNotContain("<img src=x", page);
            Assert.Contains("<script>alert(1)</script>\"'&", WebUtility.HtmlDecode(page));
        }
        var image = (await person.GraphQLAsync(
            "query($id: ID!) { image(id: $id) { description { text source confidence } tags { name source } analysis { analyzer failure } } }", new { id })).GetProperty("image");
        Assert.Equal("azure-vision 4.0 (2024-02-01)", image.GetProperty("analysis").GetProperty("analyzer").GetString());
        Assert.Equal("""{"text":"<script>alert(1)</script>\"'&","source":"ANALYZER","confidence":0.5}""", image.GetProperty("description").GetRawText());
        Assert.Equal("""[{"name":"<img src=x onerror=alert(1)>","source":"ANALYZER"}]""", image.GetProperty("tags").GetRawText());
        Assert.DoesNotContain(App.Log.Entries, e => e.ToString().Contains(AzureApp.Key, StringComparison.Ordinal));
    }
}

public sealed class AzureApp : ImageRepoApp
{
    public const string Key = "ffff0000ffff0000ffff0000ffff0000";

    private readonly VisionServer _server = new(JsonSerializer.Serialize(new
    {
        captionResult = new { text = "<script>alert(1)</script>\"'&", confidence = 0.5 },
        tagsResult = new { values = new[] { new { name = "<img src=x onerror=alert(1)>", confidence = 0.5 } } },
    }));

    protected override void Configure(IDictionary<string, string?> settings)
    {
        settings["Analysis:Provider"] = "Azure";
        settings["Analysis:Azure:Endpoint"] = _server.Address;
        settings["Analysis:Azure:Key"] = Key;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _server.Dispose();
        GC.SuppressFinalize(this);
    }
}
