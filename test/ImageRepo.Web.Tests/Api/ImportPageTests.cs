using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Api;

public sealed class ImportingApp : ImageRepoApp
{
    protected override void Configure(IDictionary<string, string?> settings) => settings["Import:AllowedNetworks"] = "127.0.0.1/32";
}

public sealed class ImportPageTests(ImportingApp app) : AppTests<ImportingApp>(app)
{
    [Fact]
    public async Task The_box_on_the_upload_page_brings_in_a_picture_and_leads_to_it()
    {
        await using var remote = RemoteServer.Of(Photos.Variant(Photos.Giraffe));
        using var person = await App.SignUpAsync();

        using var first = await ImportAsync(person, remote.Url("/giraffe.jpg").AbsoluteUri);
        using var second = await ImportAsync(person, remote.Url("/giraffe.jpg").AbsoluteUri);

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.StartsWith("/images/", first.Headers.Location!.OriginalString);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Contains("This picture is in your library already.", await person.GetPageAsync(first.Headers.Location.OriginalString));
    }

    [Theory]
    [InlineData("http://127.0.0.2/a.jpg", "no server on the public internet")]
    [InlineData("ftp://example.org/a.jpg", "Only http and https addresses")]
    [InlineData("example", "Write the whole address")]
    [InlineData("", "Write the whole address")]
    [InlineData("http://127.0.0.1:1/\"><script>alert(1)</script>", "No file could be fetched")]
    public async Task What_is_wrong_with_an_address_stands_beside_it(string url, string problem)
    {
        using var person = await App.SignUpAsync();

        using var response = await ImportAsync(person, url);
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(problem, page);
        Assert.DoesNotContain("<script>alert", page);
    }

    [Fact]
    public async Task A_form_of_another_site_fetches_nothing()
    {
        await using var remote = RemoteServer.Of(Photos.Variant(Photos.Giraffe));
        using var person = await App.SignUpAsync();

        using var response = await person.Http.PostAsync("/upload/address", new FormUrlEncodedContent(new Dictionary<string, string> { ["url"] = remote.Url().AbsoluteUri }));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(0, remote.Connections);
    }

    private static Task<HttpResponseMessage> ImportAsync(ImageRepoClient person, string url) =>
        person.PostFormAsync("/upload/address", new() { ["url"] = url }, "/upload");
}
