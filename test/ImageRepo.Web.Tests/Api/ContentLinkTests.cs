using System.Net;
using System.Net.Http.Headers;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Api;

public sealed class ContentLinkTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task A_link_gives_the_original_unchanged_to_whoever_holds_it()
    {
        var photo = Photos.Variant(Photos.Giraffe);
        using var person = await App.SignUpAsync();
        var link = await OriginalAsync(person, await person.UploadAsync(photo, "giraffe.jpg"));
        using var stranger = App.Visit();

        using var response = await stranger.Http.GetAsync(link);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(photo, await response.Content.ReadAsByteArrayAsync());
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Its_headers_let_browsers_keep_it_and_do_nothing_else_with_it()
    {
        using var person = await App.SignUpAsync();
        var link = await OriginalAsync(person, await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg"));

        using var response = await person.Http.GetAsync(link);

        var cache = response.Headers.CacheControl!;
        Assert.True(cache.Private);
        Assert.Contains(cache.Extensions, e => e.Name == "immutable");
        Assert.InRange(cache.MaxAge!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(30));
        Assert.StartsWith("sandbox", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-site", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
    }

    [Fact]
    public async Task A_download_has_the_owners_file_name_in_both_of_its_writings()
    {
        using var person = await App.SignUpAsync();
        var link = await OriginalAsync(person, await person.UploadAsync(Photos.Variant(Photos.Giraffe), "Grüße vom \u6771\u4eac; x=1.jpg"));

        using var response = await person.Http.GetAsync(link);

        var disposition = response.Content.Headers.ContentDisposition!;
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.Equal("Grüße vom \u6771\u4eac; x=1.jpg", disposition.FileNameStar);
        Assert.All(response.Content.Headers.GetValues("Content-Disposition").Single(), c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public async Task Renditions_are_shown_and_not_downloaded()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");
        var data = await person.GraphQLAsync("query($id: ID!) { image(id: $id) { rendition(width: 320) { url } } }", new { id });
        var link = data.GetProperty("image").GetProperty("rendition").GetProperty("url").GetString();

        using var response = await person.Http.GetAsync(link);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Content.Headers.ContentDisposition);
    }

    [Fact]
    public async Task A_head_tells_the_length_without_the_bytes()
    {
        var photo = Photos.Variant(Photos.Giraffe);
        using var person = await App.SignUpAsync();
        var link = await OriginalAsync(person, await person.UploadAsync(photo, "giraffe.jpg"));

        using var response = await person.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, link));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(photo.Length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_range_from_the_middle_is_just_that()
    {
        var photo = Photos.Variant(Photos.Giraffe);
        using var person = await App.SignUpAsync();
        var link = await OriginalAsync(person, await person.UploadAsync(photo, "giraffe.jpg"));

        using var middle = await GetAsync(person, link, r => r.Range = new RangeHeaderValue(60_000, 70_000));
        using var end = await GetAsync(person, link, r => r.Range = new RangeHeaderValue(null, 10));
        using var beyond = await GetAsync(person, link, r => r.Range = new RangeHeaderValue(photo.Length, null));

        Assert.Equal(HttpStatusCode.PartialContent, middle.StatusCode);
        Assert.Equal(photo[60_000..70_001], await middle.Content.ReadAsByteArrayAsync());
        Assert.Equal(photo[^10..], await end.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Fact]
    public async Task What_a_browser_has_already_is_not_sent_again()
    {
        using var person = await App.SignUpAsync();
        var link = await OriginalAsync(person, await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg"));
        using var first = await person.Http.GetAsync(link);

        using var second = await GetAsync(person, link, r => r.IfNoneMatch.Add(first.Headers.ETag!));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task A_changed_or_invented_link_is_forbidden()
    {
        using var person = await App.SignUpAsync();
        var link = await OriginalAsync(person, await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg"));
        var token = link[(link.LastIndexOf('/') + 1)..];
        string[] forgeries =
        [
            .. Enumerable.Range(0, token.Length).Where(i => i % 7 == 0).Select(i => token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..]),
            token[..^1], token + "A", token + "%20", "x", new string('A', 5000), "..%2f..%2fetc%2fpasswd",
        ];

        foreach (var forgery in forgeries)
        {
            using var response = await person.Http.GetAsync($"/content/{forgery}");
            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{forgery} answered {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_link_of_a_deleted_image_finds_nothing()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");
        var link = await OriginalAsync(person, id);
        await person.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id], permanently: true }) { deletedIds } }", new { id });

        using var response = await person.Http.GetAsync(link);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("This image is gone", await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> OriginalAsync(ImageRepoClient person, string id)
    {
        var data = await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } } }", new { id });
        return data.GetProperty("image").GetProperty("original").GetProperty("url").GetString()!;
    }

    private static Task<HttpResponseMessage> GetAsync(ImageRepoClient person, string link, Action<HttpRequestHeaders> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link);
        headers(request.Headers);
        return person.Http.SendAsync(request);
    }
}

/// <summary>With an app of its own, since it moves the time.</summary>
public sealed class ContentLinkExpiryTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task A_link_works_until_it_expires_and_is_forbidden_then()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");
        var data = await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url expiresAt } } }", new { id });
        var original = data.GetProperty("image").GetProperty("original");
        var link = original.GetProperty("url").GetString();
        using var stranger = App.Visit();

        App.Time.Advance(original.GetProperty("expiresAt").GetDateTimeOffset() - App.Time.GetUtcNow() - TimeSpan.FromMinutes(1));
        using var before = await stranger.Http.GetAsync(link);
        App.Time.Advance(TimeSpan.FromMinutes(1));
        using var after = await stranger.Http.GetAsync(link);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.InRange(before.Headers.CacheControl!.MaxAge!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Forbidden, after.StatusCode);
        Assert.Contains("This link has expired", await after.Content.ReadAsStringAsync());
    }
}
