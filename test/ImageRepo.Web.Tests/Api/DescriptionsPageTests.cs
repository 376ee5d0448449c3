using System.Net;
using ImageRepo.Testing;
using Npgsql;

namespace ImageRepo.Web.Tests.Api;

public sealed class DescriptionsPageTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private const string Page = "/account/descriptions";

    [Fact]
    public async Task It_counts_what_an_older_analyzer_described_and_has_that_described_again()
    {
        using var person = await App.SignUpAsync();
        var old = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "old.jpg");
        var recent = await person.UploadAsync(Photos.Variant(Photos.Eagle), "recent.jpg");
        await person.WaitForAnalysisAsync(old);
        await person.WaitForAnalysisAsync(recent);
        await PretendAsync("old.jpg", "local 0.1");
        var before = await AnalyzedAtAsync(person, recent);
        var page = await person.GetPageAsync(Page);
        Assert.Contains("1 image was described by another analyzer", page);
        Assert.Contains("Describe all 2 images again", page);

        using var response = await person.PostFormAsync(Page, new() { ["isOutdated"] = "true" }, Page);

        Assert.Equal(Page, response.Headers.Location?.OriginalString);
        Assert.Contains("1 image will be described again", await person.GetPageAsync(Page));
        await UntilNoneIsOutdatedAsync(person);
        Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(old));
        Assert.Equal(before, await AnalyzedAtAsync(person, recent));
    }

    [Fact]
    public async Task It_is_of_ones_own_images_alone_and_of_all_when_asked()
    {
        using var other = await App.SignUpAsync();
        var theirs = await other.UploadAsync(Photos.Variant(Photos.Giraffe), "theirs.jpg");
        await other.WaitForAnalysisAsync(theirs);
        var untouched = await AnalyzedAtAsync(other, theirs);
        using var person = await App.SignUpAsync();
        var mine = await person.UploadAsync(Photos.Variant(Photos.Eagle), "mine.jpg");
        await person.WaitForAnalysisAsync(mine);
        var before = await AnalyzedAtAsync(person, mine);

        using (await person.PostFormAsync(Page, [], Page))
        {
        }

        for (var deadline = DateTime.UtcNow.AddMinutes(1); await AnalyzedAtAsync(person, mine) == before; await Task.Delay(50))
        {
            Assert.True(DateTime.UtcNow < deadline);
        }
        Assert.Equal(untouched, await AnalyzedAtAsync(other, theirs));
    }

    [Fact]
    public async Task What_no_button_sends_does_no_harm()
    {
        using var person = await App.SignUpAsync();

        using var response = await person.PostFormAsync(Page, new() { ["isOutdated"] = "perhaps" }, Page);

        Assert.True((int)response.StatusCode < 500);
    }

    [Fact]
    public async Task Visitors_sign_in_first()
    {
        using var visitor = App.Visit();

        using var response = await visitor.Http.GetAsync(Page);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Contains("/account/sign-in", response.Headers.Location?.OriginalString);
    }

    private async Task PretendAsync(string fileName, string analyzer)
    {
        await using var source = NpgsqlDataSource.Create(App.ConnectionString);
        await using var update = source.CreateCommand("update image set analysis_analyzer = $1 where file_name = $2");
        update.Parameters.Add(new() { Value = analyzer });
        update.Parameters.Add(new() { Value = fileName });
        Assert.Equal(1, await update.ExecuteNonQueryAsync());
    }

    private static async Task UntilNoneIsOutdatedAsync(ImageRepoClient person)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(1); !(await person.GetPageAsync(Page)).Contains("No image was described by another analyzer", StringComparison.Ordinal); await Task.Delay(50))
        {
            Assert.True(DateTime.UtcNow < deadline);
        }
    }

    private static async Task<DateTimeOffset?> AnalyzedAtAsync(ImageRepoClient person, string id)
    {
        var image = (await person.GraphQLAsync("query($id: ID!) { image(id: $id) { analysis { analyzedAt } } }", new { id })).GetProperty("image");
        return image.GetProperty("analysis").GetProperty("analyzedAt").GetDateTimeOffset();
    }
}
