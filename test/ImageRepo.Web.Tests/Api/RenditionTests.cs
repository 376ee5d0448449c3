using System.Net;
using System.Net.Http.Headers;
using ImageRepo.Testing;
using NetVips;

namespace ImageRepo.Web.Tests.Api;

/// <summary>Sizes that are made on demand, from the field to the pixels.</summary>
public abstract class RenditionTests<TApp>(TApp app) : AppTests<TApp>(app)
    where TApp : ImageRepoApp
{
    /// <summary>Without an account, since the link is all that it takes; follows where it leads.</summary>
    protected static readonly HttpClient Browser = new();

    [Theory]
    [InlineData("width: 480, height: 480", "image/webp", 480)]
    [InlineData("width: 480, height: 480, format: AVIF", "image/avif", 480)]
    [InlineData("width: 500, height: 300, fit: COVER, format: JPEG", "image/jpeg", 480)]
    [InlineData("width: 1, format: PNG", "image/png", 160)]
    [InlineData("width: 1000000000, height: 2147483647, format: PNG", "image/png", 700)]
    public async Task A_link_gives_the_picture_that_it_announces_and_keeps_it(string arguments, string type, int longer)
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Picture(700, 500), "quarters.png");
        var before = await App.StoredAsync(person.UserName);
        var link = await LinkAsync(person, id, arguments);
        Assert.Equal(before, await App.StoredAsync(person.UserName));

        using var first = await Browser.GetAsync(link.Url);
        using var second = await Browser.GetAsync(link.Url);

        Assert.Equal((HttpStatusCode.OK, type), (first.StatusCode, first.Content.Headers.ContentType?.MediaType));
        Assert.Equal(longer, Math.Max(link.Width, link.Height));
        var bytes = await first.Content.ReadAsByteArrayAsync();
        using var opened = Image.NewFromBuffer(bytes);
        Assert.Equal((link.Width, link.Height), (opened.Width, opened.Height));
        Assert.Equal(bytes, await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(before + 1, await App.StoredAsync(person.UserName));
        Assert.True(first.Headers.CacheControl!.Private);
        Assert.Null(first.Content.Headers.ContentDisposition);
    }

    [Fact]
    public async Task It_can_be_asked_for_in_part_and_is_not_sent_again_to_who_has_it()
    {
        using var person = await App.SignUpAsync();
        var link = await LinkAsync(person, await person.UploadAsync(Picture(700, 500), "quarters.png"), "width: 480, format: JPEG");
        using var whole = await Browser.GetAsync(link.Url);
        var bytes = await whole.Content.ReadAsByteArrayAsync();

        using var part = await GetAsync(link.Url, r => r.Range = new RangeHeaderValue(10, 19));
        using var known = await GetAsync(link.Url, r => r.IfNoneMatch.Add(whole.Headers.ETag!));

        Assert.Equal((HttpStatusCode.PartialContent, HttpStatusCode.NotModified), (part.StatusCode, known.StatusCode));
        Assert.Equal(bytes[10..20], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task It_is_shown_from_the_trash_and_gone_with_the_image()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Picture(700, 500), "quarters.png");
        var (made, unmade) = (await LinkAsync(person, id, "width: 480"), await LinkAsync(person, id, "width: 160"));
        await person.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id] }) { deletedIds } }", new { id });
        using var trashed = await Browser.GetAsync(made.Url);
        await person.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id], permanently: true }) { deletedIds } }", new { id });

        using var gone = await Browser.GetAsync(made.Url);
        using var never = await Browser.GetAsync(unmade.Url);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (trashed.StatusCode, gone.StatusCode, never.StatusCode));
        Assert.Equal(0, await App.StoredAsync(person.UserName));
    }

    [Fact]
    public async Task A_changed_link_makes_nothing()
    {
        using var person = await App.SignUpAsync();
        var link = await LinkAsync(person, await person.UploadAsync(Picture(700, 500), "quarters.png"), "width: 480");
        var before = await App.StoredAsync(person.UserName);
        var at = link.Url.LastIndexOf('/') + 20;

        using var changed = await Browser.GetAsync(link.Url[..at] + (link.Url[at] == 'A' ? 'B' : 'A') + link.Url[(at + 1)..]);

        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
        Assert.Equal(before, await App.StoredAsync(person.UserName));
    }

    [Fact]
    public async Task The_page_of_an_image_offers_every_size_that_it_has_once()
    {
        using var person = await App.SignUpAsync();
        await person.UploadAsync(Picture(1000, 500), "quarters.png");
        var list = await person.GetPageAsync("/images");
        var path = System.Text.RegularExpressions.Regex.Match(list, "/images/[\\w-]{10,}").Value;

        var page = WebUtility.HtmlDecode(await person.GetPageAsync(path));

        var sources = System.Text.RegularExpressions.Regex.Match(page, "srcset=\"([^\"]+)\"\\s+sizes=\"\\(max-width: 60rem\\)").Groups[1].Value.Split(", ");
        Assert.Equal(["320w", "480w", "800w", "1000w"], sources.Select(s => s.Split(' ')[1]));
        foreach (var source in sources)
        {
            using var response = await Browser.GetAsync(new Uri(App.Address, source.Split(' ')[0]));
            using var opened = Image.NewFromBuffer(await response.Content.ReadAsByteArrayAsync());
            Assert.Equal(source.Split(' ')[1], $"{opened.Width}w");
        }
    }

    protected static async Task<(string Url, int Width, int Height, DateTimeOffset ExpiresAt)> LinkAsync(ImageRepoClient person, string id, string arguments)
    {
        var data = await person.GraphQLAsync($"query($id: ID!) {{ image(id: $id) {{ rendition({arguments}) {{ url width height expiresAt }} }} }}", new { id });
        var rendition = data.GetProperty("image").GetProperty("rendition");
        return (rendition.GetProperty("url").GetString()!, rendition.GetProperty("width").GetInt32(), rendition.GetProperty("height").GetInt32(), rendition.GetProperty("expiresAt").GetDateTimeOffset());
    }

    protected static byte[] Picture(int width, int height)
    {
        // Noise, so that no two are the same picture.
        using var noise = Image.Gaussnoise(width, height, sigma: 30, mean: 120, seed: Random.Shared.Next()).Cast(Enums.BandFormat.Uchar);
        return noise.PngsaveBuffer();
    }

    private static Task<HttpResponseMessage> GetAsync(string link, Action<HttpRequestHeaders> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link);
        headers(request.Headers);
        return Browser.SendAsync(request);
    }
}

public sealed class RenditionFileTests(ImageRepoApp app) : RenditionTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task An_expired_link_makes_nothing()
    {
        using var person = await App.SignUpAsync();
        var link = await LinkAsync(person, await person.UploadAsync(Picture(700, 500), "quarters.png"), "width: 480");
        var before = await App.StoredAsync(person.UserName);
        App.Time.Advance(link.ExpiresAt - App.Time.GetUtcNow());

        using var late = await Browser.GetAsync(link.Url);

        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Equal(before, await App.StoredAsync(person.UserName));
    }
}

/// <summary>The product makes it, and leads to the store that gives it out.</summary>
public sealed class RenditionS3Tests(S3App app) : RenditionTests<S3App>(app)
{
    [Fact]
    public async Task The_bytes_come_from_the_store_itself()
    {
        using var person = await App.SignUpAsync();
        var link = await LinkAsync(person, await person.UploadAsync(Picture(700, 500), "quarters.png"), "width: 480");
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        using var response = await client.GetAsync(link.Url);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Contains("/renditions/", response.Headers.Location!.AbsolutePath);
        Assert.InRange(response.Headers.CacheControl!.MaxAge!.Value, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30));
    }
}
