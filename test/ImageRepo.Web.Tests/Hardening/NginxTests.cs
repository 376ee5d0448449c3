using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageRepo.Testing;
using ImageRepo.Web.Identity;
using ImageRepo.Web.Tests.Accounts;
using ImageRepo.Web.Tests.Browser;
using ImageRepo.Web.Tests.Tokens;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using static Microsoft.Playwright.Assertions;

namespace ImageRepo.Web.Tests.Hardening;

/// <summary>The app behind nginx with TLS, set up as docs/operations.md tells.</summary>
public sealed partial class NginxTests(NginxTests.BehindNginx app, ChromiumBrowser browser) : AppTests<NginxTests.BehindNginx>(app), IClassFixture<ChromiumBrowser>
{
    [Fact]
    public async Task A_passkey_is_added_and_used_at_the_public_address()
    {
        await using var tab = await browser.OpenAsync(App.Proxy.Address, trustsAnyCertificate: true);
        var page = tab.Page;
        await PasskeyTests.AddAuthenticatorAsync(page);
        await tab.SignUpAsync("keyholderbehind");

        await PasskeyTests.AddAsync(page, "My phone");
        await Expect(page.GetByText("The passkey was added.")).ToBeVisibleAsync();
        await PasskeyTests.SignOutAsync(page);
        await PasskeyTests.SignInAsync(page);
        await page.ArrivesAtAsync("/images");

        Assert.StartsWith(App.Proxy.Address.ToString(), page.Url);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Tokens_and_passkeys_are_of_the_public_address_whatever_a_request_claims()
    {
        using var person = App.Proxy.Visit("127.0.0.41");
        Forge(person.Http);
        (await SignUpAsync(person)).Dispose();
        using var direct = App.Visit();
        Forge(direct.Http);
        var issuer = App.Proxy.Address.ToString();

        foreach (var http in new[] { person.Http, direct.Http })
        {
            var discovery = await http.GetStringAsync("/.well-known/openid-configuration");
            var document = JsonDocument.Parse(discovery).RootElement;
            Assert.Equal(issuer, document.GetProperty("issuer").GetString());
            Assert.Equal($"{issuer}connect/token", document.GetProperty("token_endpoint").GetString());
            Assert.DoesNotContain("evil.example", discovery);
            using var named = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration");
            named.Headers.Host = "evil.example";
            using var answered = await http.SendAsync(named);
            Assert.DoesNotContain("evil.example", await answered.Content.ReadAsStringAsync());
        }
        using var client = new TokenClient(App.Proxy.Address);
        using var answer = await person.Http.PostAsync("/connect/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = TokenClient.CommandLine,
            ["grant_type"] = "authorization_code",
            ["code"] = TokenClient.CodeIn(await TokenClient.ConsentAsync(person, client.AuthorizationUrl())),
            ["redirect_uri"] = TokenClient.Callback,
            ["code_verifier"] = client.Verifier,
        }));
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(issuer, IssuerOf(tokens.GetProperty("id_token").GetString()!));
        using var asked = await person.PostFormAsync("/account/passkeys?handler=options", [], "/account/passkeys");
        var passkey = JsonDocument.Parse(await asked.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("localhost", passkey.GetProperty("rp").GetProperty("id").GetString());
    }

    private static void Forge(HttpClient http)
    {
        http.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "http");
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1");
        http.DefaultRequestHeaders.Add("Forwarded", "for=198.51.100.1;host=evil.example;proto=http");
    }

    private static string? IssuerOf(string identityToken) =>
        JsonDocument.Parse(WebEncoders.Base64UrlDecode(identityToken.Split('.')[1])).RootElement.GetProperty("iss").GetString();

    [Fact]
    public async Task People_sign_up_with_secure_cookies_and_see_the_public_address()
    {
        using var person = App.Proxy.Visit();
        using var signedUp = await SignUpAsync(person);

        var cookies = signedUp.Headers.GetValues("Set-Cookie").ToList();
        Assert.Contains(cookies, c => c.StartsWith("__Host-imagerepo.session=", StringComparison.Ordinal));
        Assert.All(cookies, c => Assert.Contains("; secure", c));
        Assert.Equal("/images", signedUp.Headers.Location?.OriginalString);
        using var stranger = App.Proxy.Visit();
        using var asked = await stranger.Http.GetAsync("/images");
        Assert.Equal(App.Proxy.Address.Authority, new Uri(App.Proxy.Address, asked.Headers.Location!).Authority);
        Assert.Equal("https", new Uri(App.Proxy.Address, asked.Headers.Location!).Scheme);
    }

    [Fact]
    public async Task An_image_of_nearly_100_MiB_streams_through_and_its_link_leads_back_through_the_proxy()
    {
        using var person = App.Proxy.Visit();
        (await SignUpAsync(person)).Dispose();
        var photo = OfSize(await File.ReadAllBytesAsync(Photos.Giraffe), (100 << 20) - 1000);

        var id = await person.UploadAsync(photo, "large.jpg");
        var image = await person.GraphQLAsync("query($id: ID!) { image(id: $id) { byteSize original { url } } }", new { id });
        var link = new Uri(image.GetProperty("image").GetProperty("original").GetProperty("url").GetString()!);
        var original = await person.Http.GetByteArrayAsync(link);

        Assert.Equal(App.Proxy.Address.GetLeftPart(UriPartial.Authority), link.GetLeftPart(UriPartial.Authority));
        Assert.True(photo.AsSpan().SequenceEqual(original));
        Assert.Empty(App.Proxy.BufferFiles());
        Assert.DoesNotContain("buffered to a temporary file", App.Proxy.Errors());
    }

    [Fact]
    public async Task Changes_are_heard_over_a_secure_WebSocket()
    {
        using var person = App.Proxy.Visit();
        (await SignUpAsync(person)).Dispose();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        socket.Options.Cookies = person.Cookies;
        socket.Options.SetRequestHeader("Origin", App.Proxy.Address.GetLeftPart(UriPartial.Authority));
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == App.Proxy.Certificate.GetCertHashString();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await socket.ConnectAsync(new UriBuilder(App.Proxy.Address) { Scheme = "wss", Path = "/graphql" }.Uri, limit.Token);
        await SendAsync(socket, """{"type":"connection_init"}""", limit.Token);
        Assert.Equal("""{"type":"connection_ack"}""", await ReceiveAsync(socket, limit.Token));
        await SendAsync(socket, """{"id":"1","type":"subscribe","payload":{"query":"subscription { imageChanged { kind } }"}}""", limit.Token);
        // The protocol does not tell when it is subscribed: upload until something is heard.
        var heard = ReceiveAsync(socket, limit.Token);
        while (await Task.WhenAny(heard, Task.Delay(500, limit.Token)) != heard)
        {
            await person.UploadAsync(Photos.Variant(Photos.Giraffe), "heard.jpg");
        }

        Assert.Contains("\"kind\":\"", await heard);
    }

    [Fact]
    public async Task Each_person_has_an_address_of_their_own_whatever_they_claim()
    {
        using var one = App.Proxy.Visit("127.0.0.21");
        one.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.1");
        one.Http.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        one.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "http");
        var form = new Dictionary<string, string> { ["UserName"] = "nobody", ["Password"] = "wrong", ["requestVerificationToken"] = await one.TokenAsync("/account/sign-in") };
        HttpStatusCode status;
        var tries = 0;
        do
        {
            one.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            one.Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"203.0.113.{tries}");
            using var response = await one.Http.PostAsync("/account/sign-in", new FormUrlEncodedContent(form));
            status = response.StatusCode;
        }
        while (status == HttpStatusCode.OK && ++tries < 50);
        using var other = App.Proxy.Visit("127.0.0.22");
        using var theirs = await other.SignInAsync("nobody", "wrong");

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal(BehindNginx.SignInBurst, tries);
        Assert.Equal(HttpStatusCode.OK, theirs.StatusCode);
        Assert.Contains(Audit(), l => l.Contains($"{AuditEvent.TooManyAttempts}") && l.Contains("from 127.0.0.21,"));
        Assert.DoesNotContain(Audit(), l => l.Contains("203.0.113."));
    }

    [Fact]
    public async Task Whoever_passes_the_proxy_by_is_believed_nothing()
    {
        using var direct = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.31"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, App.Address.Port, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = App.Address };
        direct.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1");
        direct.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        direct.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var form = await direct.GetAsync("/account/sign-in");
        using var post = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["UserName"] = "nobody", ["Password"] = "wrong", ["requestVerificationToken"] = TokenField().Match(await form.Content.ReadAsStringAsync()).Groups[1].Value }),
        };
        post.Headers.Add("Cookie", form.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));

        using var response = await direct.SendAsync(post);
        using var asked = await direct.GetAsync("/images");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("evil.example", asked.Headers.Location!.OriginalString);
        Assert.Contains(Audit(), l => l.Contains("from 127.0.0.31,") || l.Contains("from ::ffff:127.0.0.31,"));
        Assert.DoesNotContain(Audit(), l => l.Contains("198.51.100.1"));
    }

    private IEnumerable<string> Audit() => App.Log.Entries.Where(e => e.Category == typeof(AuditLog).FullName).Select(e => e.Message);

    private static Task<HttpResponseMessage> SignUpAsync(ImageRepoClient person) => person.PostFormAsync("/account/sign-up", new()
    {
        ["UserName"] = $"behind{Guid.NewGuid():N}"[..20],
        ["Password"] = ImageRepoClient.Password,
        ["ConfirmPassword"] = ImageRepoClient.Password,
    });

    /// <summary>The same picture, with comments until it has so many bytes.</summary>
    private static byte[] OfSize(byte[] jpeg, int size)
    {
        var large = new byte[size];
        jpeg.AsSpan(0, 2).CopyTo(large);
        var at = 2;
        while (size - at > jpeg.Length - 2)
        {
            var length = Math.Min(ushort.MaxValue, size - at - (jpeg.Length - 2) - 2);
            (large[at], large[at + 1], large[at + 2], large[at + 3]) = (0xFF, 0xFE, (byte)(length >> 8), (byte)length);
            at += length + 2;
        }
        jpeg.AsSpan(2).CopyTo(large.AsSpan(at));
        return large;
    }

    private static Task SendAsync(ClientWebSocket socket, string text, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, cancellationToken);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[8192];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, cancellationToken);
            var text = Encoding.UTF8.GetString(buffer, 0, received.Count);
            if (!text.Contains("\"ping\"", StringComparison.Ordinal))
            {
                return text;
            }
            await SendAsync(socket, """{"type":"pong"}""", cancellationToken);
        }
    }

    [GeneratedRegex("name=\"requestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex TokenField();

    public sealed class BehindNginx : ImageRepoApp, IAsyncLifetime
    {
        public const int SignInBurst = 4;

        internal NginxProxy Proxy { get; } = NginxProxy.Prepare();

        protected override string EnvironmentName => "Production";

        // Outside Development the built product's scripts lie beside it only once it is published.
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseStaticWebAssets();
        }

        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await Proxy.StartAsync(Address);
        }

        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["PublicUrl"] = Proxy.Address.ToString();
            settings["Proxy:KnownNetworks"] = "127.0.0.1/32";
            settings["RateLimits:SignIn:AddressBurst"] = $"{SignInBurst}";
            settings["RateLimits:SignIn:AddressPerHour"] = "6";
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await DisposeAsync();
            Log.RequireNoUnexpectedErrors();
        }
    }
}
