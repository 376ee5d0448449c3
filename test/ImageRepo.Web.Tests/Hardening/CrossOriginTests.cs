using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageRepo.Testing;
using ImageRepo.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageRepo.Web.Tests.Hardening;

public sealed class CrossOriginTests(CrossOriginTests.OpenApp app) : AppTests<CrossOriginTests.OpenApp>(app)
{
    private const string Known = "https://app.example.org";

    [Theory]
    [InlineData("/graphql")]
    [InlineData("/connect/token")]
    [InlineData("/connect/userinfo")]
    [InlineData("/connect/revoke")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task A_known_origin_may_ask_with_a_token(string path)
    {
        using var preflight = await PreflightAsync(Known, path);

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(Known, Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Contains("POST", Header(preflight, "Access-Control-Allow-Methods"));
        Assert.Contains("authorization", Header(preflight, "Access-Control-Allow-Headers"));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.example", "/graphql")]
    [InlineData("https://app.example.org.evil.example", "/graphql")]
    [InlineData("http://app.example.org", "/graphql")]
    [InlineData("https://app.example.org:8443", "/graphql")]
    [InlineData("null", "/graphql")]
    [InlineData(Known, "/images")]
    [InlineData(Known, "/account/sign-in")]
    [InlineData(Known, "/connect/authorize")]
    [InlineData(Known, "/connect/introspect")]
    public async Task No_other_origin_and_no_page_is_open(string origin, string path)
    {
        using var preflight = await PreflightAsync(origin, path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", origin);
        using var visitor = App.Visit();
        using var response = await visitor.Http.SendAsync(request);

        Assert.All([preflight, response], r => Assert.DoesNotContain(r.Headers, h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData(Known)]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task A_cookie_that_another_sites_page_sends_along_speaks_for_nobody(string origin)
    {
        using var person = await App.SignUpAsync();

        Assert.Null(await MeAsync(person, origin));
        Assert.Equal(person.UserName, await MeAsync(person, App.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(person.UserName, await MeAsync(person, null));
    }

    [Theory]
    [InlineData(Known)]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task Another_sites_page_opens_no_event_stream_by_a_cookie(string origin)
    {
        using var person = await App.SignUpAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = "subscription { imageChanged { kind } }" }) };
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Accept", "text/event-stream");
        using var response = await person.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Without_the_setting_no_origin_is_open()
    {
        await using var closed = new ImageRepoApp();
        await ((IAsyncLifetime)closed).InitializeAsync();
        using var visitor = closed.Visit();
        using var preflight = await visitor.Http.SendAsync(Preflight(Known, "/graphql"));

        Assert.DoesNotContain(preflight.Headers, h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_known_site_shows_pictures_and_its_scripts_alone_may_read_them()
    {
        using var person = await App.SignUpAsync();
        var link = await LinkAsync(person);
        using var shown = await ReadAsync(link, origin: null);
        using var read = await ReadAsync(link, Known);
        using var stranger = await ReadAsync(link, "https://evil.example");

        Assert.All([shown, read, stranger], r =>
        {
            Assert.Equal(HttpStatusCode.OK, r.StatusCode);
            Assert.Equal("cross-origin", Header(r, "Cross-Origin-Resource-Policy"));
            Assert.Equal("Origin", Header(r, "Vary"));
            Assert.False(r.Headers.Contains("Access-Control-Allow-Credentials"));
        });
        Assert.Equal(Known, Header(read, "Access-Control-Allow-Origin"));
        Assert.All([shown, stranger], r => Assert.False(r.Headers.Contains("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Without_the_setting_other_sites_show_no_pictures()
    {
        await using var closed = new ImageRepoApp();
        await ((IAsyncLifetime)closed).InitializeAsync();
        using var person = await closed.SignUpAsync();
        using var read = await ReadAsync(await LinkAsync(person), Known);

        Assert.Equal("same-site", Header(read, "Cross-Origin-Resource-Policy"));
        Assert.False(read.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static async Task<string> LinkAsync(ImageRepoClient person)
    {
        var id = await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        return (await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } } }", new { id })).GetProperty("image").GetProperty("original").GetProperty("url").GetString()!;
    }

    private static async Task<HttpResponseMessage> ReadAsync(string link, string? origin)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        return await http.SendAsync(request);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("app.example.org")]
    [InlineData("https://app.example.org/")]
    [InlineData("https://app.example.org/path")]
    [InlineData("https://*.example.org")]
    [InlineData("https://App.example.org")]
    [InlineData("https://app.example.org:443")]
    [InlineData("https://user@app.example.org")]
    [InlineData("ftp://app.example.org")]
    [InlineData("https://app.example.org https://b.example.org")]
    public void An_origin_that_is_none_stops_the_start_and_names_itself(string origins)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Validate(origins));

        Assert.StartsWith("Cors:Origins holds '", StartFailure.Explain(failure));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://app.example.org, http://localhost:3000,http://127.0.0.1:8080,https://xn--bcher-kva.example")]
    public void Origins_that_are_some_are_taken(string origins) => Validate(origins);

    private static void Validate(string origins)
    {
        var services = new ServiceCollection();
        services.AddCrossOrigin(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Cors:Origins"] = origins }).Build());
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }

    private static async Task<string?> MeAsync(ImageRepoClient person, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = "{ me { userName } }" }) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        using var response = await person.Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.TryGetProperty("data", out var data) && data is { ValueKind: JsonValueKind.Object } && data.GetProperty("me") is { ValueKind: JsonValueKind.Object } me
            ? me.GetProperty("userName").GetString()
            : null;
    }

    private async Task<HttpResponseMessage> PreflightAsync(string origin, string path)
    {
        using var visitor = App.Visit();
        return await visitor.Http.SendAsync(Preflight(origin, path));
    }

    private static HttpRequestMessage Preflight(string origin, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,graphql-preflight");
        return request;
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(',', response.Headers.GetValues(name));

    public sealed class OpenApp : ImageRepoApp
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Cors:Origins"] = $"{Known}, http://localhost:3000";
    }
}
