using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using ImageRepo.GraphQL.Tests.Hosting;
using ImageRepo.GraphQL.Transport;
using ImageRepo.Testing;

namespace ImageRepo.GraphQL.Tests.Transport;

[Collection(SchemaServerCollection.Name)]
public sealed class RateLimitTests
{
    private static readonly Dictionary<string, string?> Tiny = new()
    {
        ["RateLimits:UserBurst"] = "3",
        ["RateLimits:AddressBurst"] = "2",
        ["RateLimits:UserPerSecond"] = "1",
        ["RateLimits:AddressPerSecond"] = "1",
    };

    [Contract("H21")]
    [Fact]
    public async Task Whoever_asks_too_often_waits_and_nobody_else_does()
    {
        await using var started = await Started.WithAsync(Tiny);
        var (greedy, other, anybody) = (await started.Server.SignUpAsync(), await started.Server.SignUpAsync(), started.Server.Anonymous());

        using var refused = await UntilRefusedAsync(greedy);
        using var others = await other.PostAsync("{ me { id } }");
        using var anonymous = await UntilRefusedAsync(anybody);
        var body = await SchemaClient.ReadAsync(refused);

        Assert.Equal("TOO_MANY_REQUESTS", SchemaClient.Code(body));
        Assert.Equal("application/graphql-response+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.InRange(int.Parse(refused.Headers.RetryAfter!.ToString()), 1, 5);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, anonymous.StatusCode);
        await Task.Delay(TimeSpan.FromSeconds(int.Parse(refused.Headers.RetryAfter.ToString()) + 1));
        using var later = await greedy.PostAsync("{ me { id } }");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Empty(started.Server.Log.Errors);
    }

    [Fact]
    public async Task The_schema_for_tools_is_limited_too()
    {
        await using var started = await Started.WithAsync(Tiny);
        var http = started.Server.Anonymous().Http;
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 20; i++)
        {
            using var response = await http.GetAsync("/graphql/sdl");
            codes.Add(response.StatusCode);
        }
        Assert.Equal(HttpStatusCode.OK, codes[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
    }

    [Contract("H21")]
    [Fact]
    public async Task Operations_over_a_socket_count_as_requests()
    {
        await using var started = await Started.WithAsync(Tiny);
        var (greedy, other) = (await started.Server.SignUpAsync(), await started.Server.SignUpAsync());
        using var socket = await SocketClient.OpenAsync(started.Server, greedy);
        JsonObject answer;
        var count = 0;
        do
        {
            await socket.SubscribeAsync($"{count}", "{ __typename }");
            answer = await socket.ReceiveAsync();
        }
        while ((string?)answer["type"] != "error" && ++count < 100);

        Assert.Equal("TOO_MANY_REQUESTS", (string?)answer["payload"]![0]!["extensions"]!["code"]);
        using var elsewhere = await UntilRefusedAsync(greedy);
        Assert.Equal(HttpStatusCode.TooManyRequests, elsewhere.StatusCode);
        using var others = await other.PostAsync("{ me { id } }");
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        Assert.Empty(started.Server.Log.Errors);
    }

    [Fact]
    public async Task Limits_can_be_turned_off()
    {
        await using var started = await Started.WithAsync(new(Tiny) { ["RateLimits:Enabled"] = "false" });
        var anybody = started.Server.Anonymous();
        for (var i = 0; i < 20; i++)
        {
            using var response = await anybody.PostAsync("{ me { id } }");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    public void A_network_of_ipv6_counts_as_one_address(string left, string right, bool isSame) =>
        Assert.Equal(isSame, Key(left) == Key(right));

    private static CallerKey Key(string address) => CallerKey.Of(new ClaimsPrincipal(), IPAddress.Parse(address));

    private static async Task<HttpResponseMessage> UntilRefusedAsync(SchemaClient client)
    {
        HttpResponseMessage response;
        var count = 0;
        do
        {
            response = await client.PostAsync("{ me { id } }");
        }
        while (response.StatusCode == HttpStatusCode.OK && ++count < 100);
        return response;
    }
}
