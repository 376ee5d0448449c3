using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Tokens;

/// <summary>Subscriptions by bearer tokens, over both transports.</summary>
public sealed class StreamTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private const string Watch = "subscription { imageChanged { imageId } }";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_token_opens_an_event_stream_which_ends_when_the_token_is_revoked()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        await person.WaitForAnalysisAsync(id);
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person, "images:read");
        using var http = new HttpClient { BaseAddress = App.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = Watch }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", granted.Access);
        request.Headers.Accept.Add(new("text/event-stream"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        var first = await HearAsync(person, id, () => NextAsync(reader));
        await client.AskAsync("/connect/revoke", new() { ["token"] = granted.Access });
        var second = await HearAsync(person, id, () => NextAsync(reader));

        Assert.Equal(id, first.GetProperty("data").GetProperty("imageChanged").GetProperty("imageId").GetString());
        Assert.Equal("AUTH_NOT_AUTHENTICATED", Code(second));
    }

    [Fact]
    public async Task An_event_stream_of_a_session_ends_with_that_session_and_not_with_another()
    {
        using var here = await App.SignUpAsync();
        var id = await here.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        await here.WaitForAnalysisAsync(id);
        using var there = App.Visit();
        (await there.SignInAsync(here.UserName, ImageRepoClient.Password)).Dispose();
        using var thereStream = await WatchAsync(there);
        using var hereStream = await WatchAsync(here);
        using var thereReader = new StreamReader(await thereStream.Content.ReadAsStreamAsync());
        using var hereReader = new StreamReader(await hereStream.Content.ReadAsStreamAsync());
        var first = await HearAsync(here, id, () => NextAsync(thereReader));
        await HearAsync(here, id, () => NextAsync(hereReader));

        using var ended = await here.PostFormAsync(
            "/account/sessions?handler=end", new() { ["id"] = Assert.Single(DeveloperForms.Listed(await here.GetPageAsync("/account/sessions"))) }, "/account/sessions");
        var last = await UntilAsync(here, id, thereReader, answer => answer.TryGetProperty("errors", out _));

        Assert.Equal(id, first.GetProperty("data").GetProperty("imageChanged").GetProperty("imageId").GetString());
        Assert.Equal("AUTH_NOT_AUTHENTICATED", Code(last));
        await Assert.ThrowsAsync<EndOfStreamException>(() => NextAsync(thereReader));
        Assert.Equal(id, (await HearAsync(here, id, () => NextAsync(hereReader))).GetProperty("data").GetProperty("imageChanged").GetProperty("imageId").GetString());
    }

    [Fact]
    public async Task A_token_in_a_sockets_first_message_signs_in_within_its_scopes()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        await person.WaitForAnalysisAsync(id);
        using var client = new TokenClient(App.Address);
        var granted = await client.SignInAsync(person, "images:read");
        var writer = await DeveloperForms.MakeTokenAsync(person, scopes: "images:write");
        using var socket = await OpenAsync(granted.Access);

        await SendAsync(socket, new { id = "1", type = "subscribe", payload = new { query = Watch } });
        var heard = await HearAsync(person, id, () => PayloadAsync(socket));
        using var other = await OpenAsync(writer);
        await SendAsync(other, new { id = "1", type = "subscribe", payload = new { query = Watch } });

        Assert.Equal(id, heard.GetProperty("data").GetProperty("imageChanged").GetProperty("imageId").GetString());
        // To write is not to read.
        Assert.Contains("AUTH_NOT_AUTHORIZED", (await PayloadAsync(other)).ToString());
    }

    [Fact]
    public async Task A_socket_with_a_token_that_is_none_is_closed()
    {
        using var socket = await ConnectAsync("Bearer nonsense");

        var buffer = new byte[1024];
        var result = await socket.ReceiveAsync(buffer, new CancellationTokenSource(Limit).Token);

        Assert.Equal(WebSocketMessageType.Close, result.MessageType);
        Assert.Equal(4403, (int)socket.CloseStatus!.Value);
    }

    private static Task<HttpResponseMessage> WatchAsync(ImageRepoClient person)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = Watch }) };
        request.Headers.Add("Origin", person.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        request.Headers.Accept.Add(new("text/event-stream"));
        return person.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Events of before may still be on their way.</summary>
    private static async Task<JsonElement> UntilAsync(ImageRepoClient person, string id, StreamReader reader, Func<JsonElement, bool> isIt)
    {
        while (true)
        {
            if (await HearAsync(person, id, () => NextAsync(reader)) is var answer && isIt(answer))
            {
                return answer;
            }
        }
    }

    private async Task<ClientWebSocket> OpenAsync(string token)
    {
        var socket = await ConnectAsync($"Bearer {token}");
        Assert.Equal("connection_ack", (await ReceiveAsync(socket)).GetProperty("type").GetString());
        return socket;
    }

    private async Task<ClientWebSocket> ConnectAsync(string authorization)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new UriBuilder(App.Address) { Scheme = "ws", Path = "/graphql" }.Uri, CancellationToken.None);
        await SendAsync(socket, new { type = "connection_init", payload = new { Authorization = authorization } });
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, object message) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task<JsonElement> PayloadAsync(ClientWebSocket socket)
    {
        while (true)
        {
            var message = await ReceiveAsync(socket);
            if (message.TryGetProperty("payload", out var payload))
            {
                return payload;
            }
        }
    }

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        var result = await socket.ReceiveAsync(buffer, new CancellationTokenSource(Limit).Token);
        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer, 0, result.Count)).RootElement;
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(new CancellationTokenSource(Limit).Token) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
            }
        }
        throw new EndOfStreamException();
    }

    /// <summary>Changes the image until the subscriber hears of it: nothing tells when a subscription has begun.</summary>
    private static async Task<JsonElement> HearAsync(ImageRepoClient person, string id, Func<Task<JsonElement>> next)
    {
        var heard = next();
        for (var isFavorite = true; !heard.IsCompleted; isFavorite = !isFavorite)
        {
            await person.GraphQLAsync("mutation($id: ID!, $f: Boolean!) { updateImage(input: { id: $id, isFavorite: $f }) { errors { __typename } } }", new { id, f = isFavorite });
            await Task.WhenAny(heard, Task.Delay(300));
        }
        return await heard;
    }

    private static string? Code(JsonElement answer) => answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString();
}
