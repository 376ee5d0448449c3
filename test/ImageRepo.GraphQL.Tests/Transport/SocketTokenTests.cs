using System.Security.Claims;
using System.Text.Encodings.Web;
using ImageRepo.GraphQL.Tests.Hosting;
using Microsoft.AspNetCore.Authentication;
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
        await using var node = await Node.StartAsync(server, services => services.AddAuthentication("None").AddScheme<AuthenticationSchemeOptions, TestBearer>("Bearer", null).AddScheme<AuthenticationSchemeOptions, NoSignIn>("None", null));
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

    /// <summary>Takes an account's id for its token.</summary>
    private sealed class TestBearer(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            Assert.False(Request.Headers.ContainsKey("Cookie"));
            return Task.FromResult(Guid.TryParse(Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), out var id)
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
