using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class SocketTokenTests(SchemaServer server)
{
    [Fact]
    public async Task A_token_in_the_first_message_signs_in_and_stands_above_the_cookie()
    {
        await using var node = await StartAsync();
        var (owner, other) = (await server.SignUpAsync(), await server.SignUpAsync());
        await server.AddImageAsync(owner);
        const string read = "{ images { totalCount } }";

        Assert.Equal(1, await CountAsync(server.Anonymous()));
        Assert.Equal(1, await CountAsync(other));
        using var refused = await SocketClient.ConnectAsync(node.Server, owner);
        await refused.SendAsync("""{"type":"connection_init","payload":{"Authorization":"Bearer stolen"}}""");
        Assert.Equal(4403, await refused.CloseCodeAsync());
        Assert.Empty(node.Server.Log.Errors);

        async Task<int?> CountAsync(SchemaClient client)
        {
            using var socket = await SocketClient.ConnectAsync(node.Server, client);
            await socket.SendAsync($$$"""{"type":"connection_init","payload":{"authorization":"Bearer {{{owner.Owner.Value}}}"}}""");
            Assert.Equal("connection_ack", (string?)(await socket.ReceiveAsync())["type"]);
            await socket.SubscribeAsync("1", read);
            return (int?)(await socket.ReceiveAsync())["payload"]!["data"]!["images"]?["totalCount"];
        }
    }

    [Contract("T13")]
    [Theory]
    [InlineData("message")]
    [InlineData("header")]
    [InlineData("event stream")]
    public async Task A_token_that_was_revoked_hears_nothing_more(string how)
    {
        await using var node = await StartAsync();
        var owner = await server.SignUpAsync();
        var token = owner.Owner.Value.ToString();
        var client = node.Server.Anonymous();
        if (how != "message")
        {
            client.Http.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
        }
        using var socket = how == "event stream" ? null : await SocketClient.ConnectAsync(node.Server, client);
        using var events = how == "event stream" ? await WatchAsync(client) : null;
        if (socket is not null)
        {
            await socket.SendAsync(how == "message" ? $$$"""{"type":"connection_init","payload":{"Authorization":"Bearer {{{token}}}"}}""" : """{"type":"connection_init"}""");
            Assert.Equal("connection_ack", (string?)(await socket.ReceiveAsync())["type"]);
            await socket.SubscribeAsync("1", "subscription { imageChanged { kind } }");
        }
        await node.Server.Watchers.WaitForAsync(1);
        await server.AddImageAsync(owner);
        using var reader = events is null ? null : new StreamReader(await events.Content.ReadAsStreamAsync());
        if (reader is not null)
        {
            while (await reader.ReadLineAsync() is { } line && !line.Contains("\"kind\":\"UPLOADED\"", StringComparison.Ordinal))
            {
            }
        }
        if (socket is not null)
        {
            Assert.Equal("UPLOADED", (string?)(await socket.ReceiveAsync())["payload"]!["data"]!["imageChanged"]!["kind"]);
        }

        TestBearer.Revoked[token] = true;
        await server.AddImageAsync(owner);

        if (socket is not null)
        {
            Assert.Equal("AUTH_NOT_AUTHENTICATED", (string?)(await socket.ReceiveAsync())["payload"]!["errors"]![0]!["extensions"]!["code"]);
            Assert.Equal("complete", (string?)(await socket.ReceiveAsync())["type"]);
        }
        else
        {
            var text = await reader!.ReadToEndAsync();
            Assert.Contains("AUTH_NOT_AUTHENTICATED", text);
            Assert.EndsWith("event: complete\ndata:\n\n", text);
        }
        await node.Server.Watchers.WaitForAsync(0);
        Assert.Empty(node.Server.Log.Errors);
    }

    [Contract("H22")]
    [Fact]
    public async Task A_token_in_a_message_takes_a_place_of_its_user()
    {
        await using var node = await StartAsync(("GraphQL:Streams:MaxPerUser", "1"));
        var owner = await server.SignUpAsync();
        var init = $$$"""{"type":"connection_init","payload":{"Authorization":"Bearer {{{owner.Owner.Value}}}"}}""";
        using var first = await SocketClient.ConnectAsync(node.Server, node.Server.Anonymous());
        await first.SendAsync(init);
        Assert.Equal("connection_ack", (string?)(await first.ReceiveAsync())["type"]);

        using var second = await SocketClient.ConnectAsync(node.Server, node.Server.Anonymous());
        await second.SendAsync(init);

        Assert.Equal(1013, await second.CloseCodeAsync());
    }

    private async Task<Node> StartAsync(params (string Name, string Value)[] settings) => new(await server.AddNodeAsync(settings, services =>
    {
        services.AddAuthentication("None").AddScheme<AuthenticationSchemeOptions, TestBearer>("Bearer", null).AddScheme<AuthenticationSchemeOptions, NoSignIn>("None", null);
        services.AddSingleton<IStartupFilter, HeaderSignIn>();
    }));

    private static async Task<HttpResponseMessage> WatchAsync(SchemaClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = "subscription { imageChanged { kind } }" }) };
        request.Headers.Accept.ParseAdd("text/event-stream");
        return await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Signs in by the header as the product's own host does.</summary>
    private sealed class HeaderSignIn : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, following) =>
            {
                if (http.Request.Headers.ContainsKey("Authorization") && await http.AuthenticateAsync("Bearer") is { Principal: { } user })
                {
                    http.User = user;
                }
                await following(http);
            });
            next(app);
        };
    }

    /// <summary>Takes an account's id for its token.</summary>
    private sealed class TestBearer(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public static ConcurrentDictionary<string, bool> Revoked { get; } = new();

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            Assert.False(Request.Headers.ContainsKey("Cookie"));
            return Task.FromResult(Guid.TryParse(Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), out var id) && !Revoked.ContainsKey($"{id}")
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", $"{id}"), new Claim("scope", "images:read")], "Bearer")), "Bearer"))
                : AuthenticateResult.Fail("Not a token."));
        }
    }

    private sealed class NoSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
