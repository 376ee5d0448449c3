using System.IO.Compression;
using System.Net;
using ImageRepo.Domain.Imports;
using ImageRepo.Infrastructure.Imports;
using ImageRepo.Testing;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Tests.Imports;

public sealed class RemoteFilesTests
{
    private static readonly byte[] File = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];

    [Fact]
    public async Task A_file_of_an_allowed_network_arrives_as_it_was_sent_and_nothing_private_was_asked_with()
    {
        await using var server = RemoteServer.Of(File, "Set-Cookie: id=1; Path=/", "Content-Type: text/html");

        using var files = Files("127.0.0.1/32");
        var first = await ReadAsync(files, server.Url("/a/b/K%C3%BCste.jpg?size=large#top"));
        await ReadAsync(files, server.Url());

        Assert.Equal(File, first.Content);
        Assert.Equal("Küste.jpg", first.Name);
        Assert.Equal(2, server.Connections);
        Assert.All(server.Requests, request =>
        {
            Assert.DoesNotContain("\r\nCookie:", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\r\nAuthorization:", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\r\nReferer:", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\r\ntraceparent:", request, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("\r\nAccept-Encoding: identity", request, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}/")]
    [InlineData("http://127.1:{port}/")]
    [InlineData("http://2130706433:{port}/")]
    [InlineData("http://0x7f000001:{port}/")]
    [InlineData("http://0177.0.0.1:{port}/")]
    [InlineData("http://0.0.0.0:{port}/")]
    [InlineData("http://localhost:{port}/")]
    [InlineData("http://[::1]:{port}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/")]
    [InlineData("http://[64:ff9b::7f00:1]:{port}/")]
    [InlineData("http://[2002:7f00:1::]:{port}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("http://1.1.1.1:22/")] // public, but no web server's port
    [InlineData("http://1.1.1.1:6379/")]
    public async Task Addresses_that_are_not_public_are_forbidden_and_not_connected_to(string url)
    {
        await using var server = RemoteServer.Of(File);
        using var files = Files();

        var refused = await Assert.ThrowsAsync<ForbiddenUrlException>(() => files.OpenAsync(new Uri(url.Replace("{port}", $"{server.Port}")), default));

        Assert.Equal("This address leads to no server on the public internet, or to another port than 80 and 443, so it is not fetched.", refused.Message);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.jpg")]
    [InlineData("gopher://127.0.0.1:6379/_x")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://user:password@127.0.0.1/a.jpg")]
    [InlineData("http://user@127.0.0.1/a.jpg")]
    public async Task Other_schemes_and_user_names_are_forbidden(string url)
    {
        using var files = Files("0.0.0.0/0");

        await Assert.ThrowsAsync<ForbiddenUrlException>(() => files.OpenAsync(new Uri(url), default));
    }

    [Fact]
    public async Task Overlong_addresses_are_forbidden()
    {
        using var files = Files("127.0.0.0/8");

        await Assert.ThrowsAsync<ForbiddenUrlException>(() => files.OpenAsync(new Uri("http://127.0.0.1/" + new string('a', 5000)), default));
    }

    [Fact]
    public async Task A_name_with_one_private_address_among_public_ones_is_forbidden()
    {
        await using var server = RemoteServer.Of(File);
        using var files = Files(null, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1"), IPAddress.Loopback]));

        await Assert.ThrowsAsync<ForbiddenUrlException>(() => files.OpenAsync(server.Url(host: "rebinding.example"), default));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_name_is_asked_for_once_and_the_checked_address_is_the_one_connected_to()
    {
        await using var server = RemoteServer.Of(File);
        var asked = 0;
        // Allowed at first, as for the check; private from then on, as for a client that asks again.
        using var files = Files("127.0.0.1/32", (_, _) => Task.FromResult<IPAddress[]>(Interlocked.Increment(ref asked) == 1 ? [IPAddress.Loopback] : [IPAddress.Parse("10.0.0.1")]));

        var file = await ReadAsync(files, server.Url(host: "rebinding.example"));

        Assert.Equal(File, file.Content);
        Assert.Equal(1, asked);
        // The next import asks again, and is refused.
        await Assert.ThrowsAsync<ForbiddenUrlException>(() => files.OpenAsync(server.Url(host: "rebinding.example"), default));
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task Redirects_are_followed(string status)
    {
        await using var target = RemoteServer.Of(File);
        await using var start = RemoteServer.Redirecting(_ => target.Url("/there.png").AbsoluteUri, status);
        using var files = Files("127.0.0.1/32");

        var file = await ReadAsync(files, start.Url("/here.png"));

        Assert.Equal(File, file.Content);
        Assert.Equal("here.png", file.Name);
    }

    [Theory]
    [InlineData("http://127.0.0.2:{port}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("//[::1]:{port}/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:password@127.0.0.1:{port}/")]
    public async Task A_redirect_is_checked_as_the_first_address_is(string location)
    {
        await using var target = RemoteServer.Of(File);
        await using var start = RemoteServer.Redirecting(_ => location.Replace("{port}", $"{target.Port}"));
        using var files = Files("127.0.0.1/32");

        var refused = await Assert.ThrowsAsync<ForbiddenUrlException>(() => files.OpenAsync(start.Url(), default));

        Assert.Equal(start.Url(), refused.Url);
        Assert.Equal(0, target.Connections);
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using var server = RemoteServer.Redirecting(_ => "/again");
        using var files = Files("127.0.0.1/32");

        var failed = await Assert.ThrowsAsync<UnreachableUrlException>(() => files.OpenAsync(server.Url(), default));

        Assert.Equal(302, failed.StatusCode);
        Assert.Equal(6, server.Connections);
    }

    [Theory]
    [InlineData("204 No Content", 204)]
    [InlineData("404 Not Found", 404)]
    [InlineData("500 Oh", 500)]
    [InlineData("302 Found", 302)] // to nowhere
    public async Task An_answer_that_is_no_file_names_its_status(string status, int code)
    {
        await using var server = new RemoteServer((_, connection, c) => RemoteServer.WriteAsync(connection, $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n", c));
        using var files = Files("127.0.0.1/32");

        Assert.Equal(code, (await Assert.ThrowsAsync<UnreachableUrlException>(() => files.OpenAsync(server.Url(), default))).StatusCode);
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("silent")]
    [InlineData("hangs up")]
    [InlineData("no HTTP")]
    [InlineData("endless head")]
    [InlineData("unknown name")]
    public async Task Whatever_fails_on_the_way_looks_the_same(string kind)
    {
        await using var server = new RemoteServer(async (_, connection, c) =>
        {
            switch (kind)
            {
                case "silent":
                    await Task.Delay(Timeout.Infinite, c);
                    break;
                case "no HTTP":
                    await RemoteServer.WriteAsync(connection, "220 mail.example ESMTP\r\n", c);
                    break;
                case "endless head":
                    await RemoteServer.WriteAsync(connection, "HTTP/1.1 200 OK\r\n", c);
                    while (true)
                    {
                        await RemoteServer.WriteAsync(connection, $"X-Filler: {new string('x', 1000)}\r\n", c);
                    }
            }
        });
        var url = server.Url();
        if (kind == "closed")
        {
            await server.DisposeAsync();
        }
        using var files = kind == "unknown name"
            ? Files("127.0.0.1/32", (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound))
            : Files("127.0.0.1/32");

        var failed = await Assert.ThrowsAsync<UnreachableUrlException>(() => files.OpenAsync(kind == "unknown name" ? new Uri("http://nowhere.example/") : url, default));

        Assert.Equal("No file could be fetched from this address.", failed.Message);
        Assert.Null(failed.StatusCode);
    }

    [Theory]
    [InlineData("stops")] // shorter than it said
    [InlineData("stalls")]
    [InlineData("trickles")]
    public async Task A_file_that_does_not_arrive_in_time_or_whole_is_given_up(string kind)
    {
        await using var server = new RemoteServer(async (_, connection, c) =>
        {
            await RemoteServer.WriteAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nsome", c);
            while (kind != "stops")
            {
                await Task.Delay(kind == "stalls" ? Timeout.Infinite : 100, c);
                await RemoteServer.WriteAsync(connection, "x", c);
            }
        });
        using var files = Files("127.0.0.1/32");

        await Assert.ThrowsAsync<UnreachableUrlException>(() => ReadAsync(files, server.Url()));
    }

    [Fact]
    public async Task What_the_server_packed_stays_packed()
    {
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[10 << 20]);
        }
        await using var server = RemoteServer.Of(bomb.ToArray(), "Content-Encoding: gzip", "Content-Type: image/png");
        using var files = Files("127.0.0.1/32");

        Assert.Equal(bomb.ToArray(), (await ReadAsync(files, server.Url())).Content);
    }

    [Fact]
    public async Task Who_asked_may_leave()
    {
        await using var server = new RemoteServer((_, _, c) => Task.Delay(Timeout.Infinite, c));
        using var files = Files("127.0.0.1/32", settings: new ImportOptions());
        using var left = new CancellationTokenSource(200);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => files.OpenAsync(server.Url(), left.Token));
    }

    [Theory]
    [InlineData("PerOwner", "0")]
    [InlineData("Timeout", "00:00:00")]
    [InlineData("AllowedNetworks", "10.0.0.1")]
    public async Task A_wrong_setting_stops_the_start_and_names_itself(string name, string value)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => InfrastructureHost.StartAsync(settings: ($"Import:{name}", value)));

        Assert.Contains(name, wrong.Message, StringComparison.Ordinal);
    }

    private static HttpRemoteFiles Files(string? allowed = null, ResolveHost? resolve = null, ImportOptions? settings = null)
    {
        settings ??= new ImportOptions { ConnectTimeout = TimeSpan.FromSeconds(2), IdleTimeout = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(3) };
        settings.AllowedNetworks = allowed;
        var options = Options.Create(settings);
        return new HttpRemoteFiles(new CheckedConnections(resolve ?? Dns.GetHostAddressesAsync, options), options);
    }

    private static async Task<(string Name, byte[] Content)> ReadAsync(HttpRemoteFiles files, Uri url)
    {
        await using var file = await files.OpenAsync(url, default);
        using var content = new MemoryStream();
        await file.Content.CopyToAsync(content);
        return (file.Name, content.ToArray());
    }
}
