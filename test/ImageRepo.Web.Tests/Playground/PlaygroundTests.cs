using System.Net;
using System.Net.Http.Headers;
using ImageRepo.Testing;
using ImageRepo.Web.Playground;
using Microsoft.AspNetCore.Http;

namespace ImageRepo.Web.Tests.Playground;

public sealed class PlaygroundTests(ImageRepoApp app) : IClassFixture<ImageRepoApp>
{
    private const string MainScript = "/graphql/ui/static/js/main.0349187e.js";

    [Fact]
    public async Task The_address_without_the_slash_leads_to_the_one_with_it()
    {
        using var visitor = app.Visit();
        using var response = await visitor.Http.GetAsync("/graphql/ui?a=b");

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal("/graphql/ui/?a=b", response.Headers.Location?.OriginalString);
    }

    [Contract("H15")]
    [Fact]
    public async Task The_build_restored_Banana_Cake_Pop_and_it_is_served_with_its_licence()
    {
        using var visitor = app.Visit();
        Assert.Contains("<title>Banana Cake Pop</title>", await visitor.GetPageAsync("/graphql/ui/"), StringComparison.Ordinal);
        Assert.Contains("ChilliCream License 1.0", await visitor.GetPageAsync("/graphql/ui/LICENSE"), StringComparison.Ordinal);
    }

    [Contract("H15")]
    [Fact]
    public async Task Its_settings_name_the_endpoint_and_turn_the_telemetry_off()
    {
        using var visitor = app.Visit();
        using var response = await visitor.Http.GetAsync("/graphql/ui/bcp-config.json");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"endpoint":"/graphql","useBrowserUrlAsEndpoint":false,"disableTelemetry":true}""", await response.Content.ReadAsStringAsync());
    }

    [Contract("H16")]
    [Fact]
    public async Task It_has_a_content_security_policy_of_its_own_and_the_site_keeps_the_stricter_one()
    {
        using var visitor = app.Visit();
        var playground = await PolicyAsync(visitor, "/graphql/ui/");
        var site = await PolicyAsync(visitor, "/");

        Assert.Contains("script-src 'self' 'unsafe-eval'", playground);
        Assert.Contains($"connect-src 'self' ws://{app.Address.Authority} wss://{app.Address.Authority}", playground);
        Assert.Contains("frame-ancestors 'none'", playground);
        Assert.Contains("script-src 'self'", site);
        Assert.DoesNotContain(site, directive => directive.Contains("unsafe", StringComparison.Ordinal) || directive.Contains("ws:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("evil.example;script-src *")]
    [InlineData("evil.example, x")]
    public async Task A_host_that_is_no_host_adds_nothing_to_the_policy(string host)
    {
        Assert.DoesNotContain("evil", PlaygroundPolicy.For(new HostString(host)), StringComparison.Ordinal);

        using var visitor = app.Visit();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql/ui/");
        request.Headers.TryAddWithoutValidation("Host", host);
        using var response = await visitor.Http.SendAsync(request);
        Assert.DoesNotContain("evil", response.Headers.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_named_by_its_content_is_kept_for_good_and_travels_compressed()
    {
        using var visitor = app.Visit();
        using var plain = await visitor.Http.GetAsync(MainScript);
        using var request = new HttpRequestMessage(HttpMethod.Get, MainScript) { Headers = { { "Accept-Encoding", "gzip" } } };
        using var compressed = await visitor.Http.SendAsync(request);

        Assert.Equal("public, max-age=31536000, immutable", plain.Headers.CacheControl?.ToString());
        Assert.Equal("text/javascript", plain.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["gzip"], compressed.Content.Headers.ContentEncoding);
        Assert.True(compressed.Content.Headers.ContentLength < plain.Content.Headers.ContentLength / 3);
        await using var unpacked = new System.IO.Compression.GZipStream(await compressed.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await unpacked.CopyToAsync(bytes);
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(), bytes.ToArray());
    }

    [Fact]
    public async Task The_start_page_is_asked_for_again_and_sent_again_only_when_it_changed()
    {
        using var visitor = app.Visit();
        using var first = await visitor.Http.GetAsync("/graphql/ui/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql/ui/");
        request.Headers.IfNoneMatch.Add(Assert.IsType<EntityTagHeaderValue>(first.Headers.ETag));
        using var second = await visitor.Http.SendAsync(request);

        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        Assert.Null(first.Content.Headers.LastModified);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/graphql/ui/package.json")]
    [InlineData("/graphql/ui/no-such-file.js")]
    [InlineData("/graphql/ui/..%2fappsettings.json")]
    [InlineData("/graphql/ui/%2e%2e/appsettings.json")]
    [InlineData("/graphql/ui/..%5cappsettings.json")]
    [InlineData("/graphql/ui//etc/passwd")]
    [InlineData("/graphql/ui/static")]
    public async Task Nothing_but_its_own_files_is_served(string path)
    {
        using var visitor = app.Visit();
        using var response = await visitor.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("main.0349187e.js", true)]
    [InlineData("195.e3f91c63.chunk.js", true)]
    [InlineData("FiraCode-Medium.1bc138a84f63b384c3f2.woff2", true)]
    [InlineData("index.html", false)]
    [InlineData("service-worker.js", false)]
    [InlineData("manifest.webmanifest", false)]
    public void Only_a_hash_in_the_name_makes_a_file_unchanging(string name, bool isHashed) =>
        Assert.Equal(isHashed, PlaygroundFile.HasHashInName(name));

    private static async Task<string[]> PolicyAsync(ImageRepoClient visitor, string path)
    {
        using var response = await visitor.Http.GetAsync(path);
        return Assert.Single(response.Headers.GetValues("Content-Security-Policy")).Split("; ");
    }
}
