using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Tokens;

namespace ImageRepo.Web.Tests.Api;

/// <summary>
/// The database goes away and comes back under subscriptions and batches. Streams that are open wait for it and then tell what may have been missed;
/// new ones are refused in their protocol's own words for "try again".
/// </summary>
public sealed class DatabaseAwayStreamTests : AppTests<DatabaseLineApp>
{
    private const string Away = "DATABASE_UNAVAILABLE";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public DatabaseAwayStreamTests(DatabaseLineApp app) : base(app)
    {
        app.Log.Expect("Error ImageRepo.Infrastructure.Persistence.Outages: The database can't be reached: ");
        app.Log.Expect("Health check database with status Unhealthy");
    }

    [Fact]
    public async Task A_socket_that_is_open_is_told_that_changes_may_be_missing_and_watches_again()
    {
        await App.UntilItListensAsync();
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        using var socket = new SubscriptionSocket();
        await socket.ConnectAsync(App.Address, person.Cookies);
        Assert.Equal("connection_ack", TypeOf(await socket.NextAsync()));
        await socket.WatchAsync("before");
        await HearAsync(person, id, socket.NextAsync);

        App.TakeDatabaseAway();
        await App.BringDatabaseBackAsync();
        var last = await UntilAsync(socket.NextAsync, m => m is { } message && message.GetProperty("payload").TryGetProperty("errors", out _));
        var end = await socket.NextAsync();
        await socket.WatchAsync("after");
        var heard = await HearAsync(person, id, socket.NextAsync);

        RequireOnly("IMAGE_CHANGES_LOST", last!.Value.GetProperty("payload"));
        Assert.Equal("""{"id":"before","type":"complete"}""", end.ToString());
        Assert.Equal(("after", "next"), (heard!.Value.GetProperty("id").GetString(), TypeOf(heard)));
    }

    [Fact]
    public async Task A_socket_is_not_opened_for_now_whoever_opens_it_and_one_that_is_open_subscribes_to_nothing()
    {
        using var person = await App.SignUpAsync();
        var token = "Bearer " + await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");
        using var open = new SubscriptionSocket();
        await open.ConnectAsync(App.Address, authorization: token);
        Assert.Equal("connection_ack", TypeOf(await open.NextAsync()));
        using SubscriptionSocket byCookie = new(), byToken = new();

        App.TakeDatabaseAway();
        await Assert.ThrowsAsync<WebSocketException>(() => byCookie.ConnectAsync(App.Address, person.Cookies));
        await byToken.ConnectAsync(App.Address, authorization: token);
        await open.WatchAsync("1");
        var (first, second) = (await byToken.NextAsync(), await open.NextAsync());
        await App.BringDatabaseBackAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "10"), (byCookie.Status, byCookie.RetryAfter));
        Assert.Equal((null, null), (first, second));
        Assert.Equal(((1013, "Try again later"), (1013, "Try again later")), (byToken.Closed, open.Closed));
        using var again = new SubscriptionSocket();
        await again.ConnectAsync(App.Address, authorization: token);
        Assert.Equal("connection_ack", TypeOf(await again.NextAsync()));
    }

    [Fact]
    public async Task An_event_stream_that_is_open_is_told_that_changes_may_be_missing_and_a_new_one_is_refused_for_now()
    {
        await App.UntilItListensAsync();
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        using var open = await WatchAsync(person);
        using var events = new StreamReader(await open.Content.ReadAsStreamAsync());
        await HearAsync(person, id, () => NextAsync(events));

        App.TakeDatabaseAway();
        using var refused = await WatchAsync(person);
        await App.BringDatabaseBackAsync();
        var last = await UntilAsync(() => NextAsync(events), e => e is { } happened && happened.TryGetProperty("errors", out _));

        RequireOnly("IMAGE_CHANGES_LOST", last!.Value);
        Assert.Equal("event: complete\ndata:\n\n", await events.ReadToEndAsync(new CancellationTokenSource(Limit).Token));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        RequireOnly(Away, await refused.Content.ReadFromJsonAsync<JsonElement>());
        using var again = await WatchAsync(person);
        using var more = new StreamReader(await again.Content.ReadAsStreamAsync());
        Assert.NotNull(await HearAsync(person, id, () => NextAsync(more)));
    }

    [Fact]
    public async Task Each_operation_of_a_batch_and_each_field_is_refused_for_itself()
    {
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");
        object[] batch =
        [
            new { query = "{ images { totalCount } }" },
            new { query = "mutation($id: ID!) { updateImage(input: { id: $id, isFavorite: true }) { image { id } errors { __typename } } }", variables = new { id } },
            new { query = "{ a: images { totalCount } b: me { userName } c: __typename }" },
        ];

        using var together = await PostAsync(person, batch, App.TakeDatabaseAway);
        await App.BringDatabaseBackAsync();
        using var alone = await PostAsync(person, batch[2], App.TakeDatabaseAway);
        await App.BringDatabaseBackAsync();
        using var later = await PostAsync(person, batch, () => { });

        var answers = (await together.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().ToList();
        Assert.Equal((HttpStatusCode.OK, 3), (together.StatusCode, answers.Count));
        foreach (var (answer, fields) in answers.Zip<JsonElement, string[]>([["images"], ["updateImage"], ["a", "b"]]))
        {
            RequireOnly(Away, answer, fields);
        }
        Assert.Equal("Query", answers[2].GetProperty("data").GetProperty("c").GetString());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10)), (alone.StatusCode, alone.Headers.RetryAfter?.Delta));
        RequireOnly(Away, await alone.Content.ReadFromJsonAsync<JsonElement>(), "a", "b");
        var good = await later.Content.ReadFromJsonAsync<JsonElement>();
        Assert.DoesNotContain("errors\":[{", good.ToString());
        Assert.Equal(person.UserName, good[2].GetProperty("data").GetProperty("b").GetProperty("userName").GetString());
    }

    /// <summary>Sends the body once the app asks for it, which is when it knows who is there.</summary>
    private static async Task<HttpResponseMessage> PostAsync(ImageRepoClient person, object body, Action before)
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = person.Cookies, Expect100ContinueTimeout = Limit }) { BaseAddress = person.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new AskedFor(JsonSerializer.SerializeToUtf8Bytes(body), before) };
        request.Headers.ExpectContinue = true;
        return await http.SendAsync(request);
    }

    private static Task<HttpResponseMessage> WatchAsync(ImageRepoClient person)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = "subscription { imageChanged { imageId } }" }) };
        request.Headers.Add("Origin", person.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        request.Headers.Accept.Add(new("text/event-stream"));
        return person.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<JsonElement?> NextAsync(StreamReader events)
    {
        while (await events.ReadLineAsync(new CancellationTokenSource(Limit).Token) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                await events.ReadLineAsync(new CancellationTokenSource(Limit).Token); // the empty line that ends it
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
            }
        }
        return null;
    }

    /// <summary>Changes the image until the subscriber hears of it: nothing tells when a subscription has begun.</summary>
    private static async Task<JsonElement?> HearAsync(ImageRepoClient person, string id, Func<Task<JsonElement?>> next)
    {
        var heard = next();
        for (var isFavorite = true; !heard.IsCompleted; isFavorite = !isFavorite)
        {
            await person.GraphQLAsync("mutation($id: ID!, $f: Boolean!) { updateImage(input: { id: $id, isFavorite: $f }) { errors { __typename } } }", new { id, f = isFavorite });
            await Task.WhenAny(heard, Task.Delay(300));
        }
        return await heard;
    }

    /// <summary>Changes of before may still be on their way.</summary>
    private static async Task<JsonElement?> UntilAsync(Func<Task<JsonElement?>> next, Func<JsonElement?, bool> isIt)
    {
        while (true)
        {
            if (await next() is var message && (message is null || isIt(message)))
            {
                return message;
            }
        }
    }

    private static string? TypeOf(JsonElement? message) => message?.GetProperty("type").GetString();

    /// <summary>Errors of this code alone, one for each of the fields where any are named, and nothing of what failed or where.</summary>
    private static void RequireOnly(string code, JsonElement answer, params string[] fields)
    {
        var errors = answer.GetProperty("errors").EnumerateArray().ToList();
        Assert.All(errors, e => Assert.Equal(code, e.GetProperty("extensions").GetProperty("code").GetString()));
        Assert.True(fields is [] ? errors.Count == 1 : fields.SequenceEqual(errors.Select(e => e.GetProperty("path")[0].GetString()!)), answer.ToString());
        Assert.Contains("again", errors[0].GetProperty("message").GetString());
        foreach (var secret in (string[])["Exception", "Npgsql", "127.0.0.1", "   at "])
        {
            Assert.DoesNotContain(secret, answer.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    private sealed class AskedFor : HttpContent
    {
        private readonly byte[] _body;
        private readonly Action _before;

        public AskedFor(byte[] body, Action before)
        {
            (_body, _before) = (body, before);
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _before();
            await stream.WriteAsync(_body);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
