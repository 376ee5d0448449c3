using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Tokens;
using Microsoft.Extensions.Logging;

namespace ImageRepo.Web.Tests.Api;

/// <summary>The database goes away and comes back: whoever asks meanwhile is told to ask again, in a form that they read, and nobody is signed out.</summary>
public sealed class DatabaseAwayTests : AppTests<DatabaseLineApp>
{
    private const string Problem = "The database can't be reached at the moment; try again in a moment.";
    private const string Query = "{ images { totalCount } }";

    public DatabaseAwayTests(DatabaseLineApp app) : base(app)
    {
        // One line of the product itself, and one of each probe of its readiness.
        app.Log.Expect("Error ImageRepo.Infrastructure.Persistence.Outages: The database can't be reached: ");
        app.Log.Expect("Health check database with status Unhealthy");
    }

    [Fact]
    public async Task A_query_is_refused_for_now_whoever_asks_it()
    {
        using var person = await App.SignUpAsync();
        using var visitor = App.Visit();
        var token = await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");
        visitor.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        foreach (var asking in new[] { person, visitor })
        {
            App.TakeDatabaseAway();
            using var away = await asking.Http.PostAsJsonAsync("/graphql", new { query = Query });
            await App.BringDatabaseBackAsync();

            var error = Assert.Single((await RequireRefusalAsync(away, "application/graphql-response+json")).GetProperty("errors").EnumerateArray());
            Assert.Equal((Problem, "DATABASE_UNAVAILABLE"), (error.GetProperty("message").GetString(), error.GetProperty("extensions").GetProperty("code").GetString()));
            Assert.Equal(0, (await asking.GraphQLAsync(Query)).GetProperty("images").GetProperty("totalCount").GetInt32());
        }
    }

    [Fact]
    public async Task An_upload_is_refused_for_now_and_goes_well_later()
    {
        using var person = await App.SignUpAsync();
        var photo = Photos.Variant(Photos.Eagle);
        var upload = await new PartsClient(person).BeginAsync(photo.Length);
        App.TakeDatabaseAway();
        using var part = await PartsClient.PutAsync(PartsClient.UrlOf(upload, 1), new ByteArrayContent(photo));
        using var form = await PostPhotoAsync(person, photo);
        await App.BringDatabaseBackAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, Problem), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        Assert.NotNull(part.Headers.RetryAfter?.Delta);
        Assert.Equal(["*"], part.Headers.GetValues("Access-Control-Allow-Origin"));
        await RequireRefusalAsync(form, "application/json");
        using var again = await PartsClient.PutAsync(PartsClient.UrlOf(upload, 1), new ByteArrayContent(photo));
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        var completed = await new PartsClient(person).CompleteAsync(upload);
        Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(completed.GetProperty("image").GetProperty("id").GetString()!));
        Assert.Equal(3, await App.StoredAsync(person.UserName));
    }

    [Fact]
    public async Task A_link_shows_what_is_stored_and_a_size_that_is_yet_to_be_made_waits()
    {
        using var person = await App.SignUpAsync();
        using var visitor = App.Visit();
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");
        var links = (await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } rendition(width: 480) { url } } }", new { id })).GetProperty("image");
        var (original, size) = (links.GetProperty("original").GetProperty("url").GetString(), links.GetProperty("rendition").GetProperty("url").GetString());
        await person.WaitForAnalysisAsync(id);
        var stored = await App.StoredAsync(person.UserName);

        App.TakeDatabaseAway();
        using var shown = await visitor.Http.GetAsync(original);
        using var waits = await visitor.Http.GetAsync(size);
        await App.BringDatabaseBackAsync();

        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        await RequireRefusalAsync(waits, "text/html");
        Assert.Contains(Problem, await waits.Content.ReadAsStringAsync());
        Assert.Equal(stored, await App.StoredAsync(person.UserName));
        using var made = await visitor.Http.GetAsync(size);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    [Fact]
    public async Task A_page_says_so_and_its_reader_stays_signed_in()
    {
        using var person = await App.SignUpAsync();
        using var visitor = App.Visit();
        var token = await visitor.TokenAsync("/account/sign-in");
        App.TakeDatabaseAway();
        using var images = await person.Http.GetAsync("/images");
        using var signIn = await visitor.Http.PostAsync("/account/sign-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["UserName"] = person.UserName,
            ["Password"] = ImageRepoClient.Password,
            ["requestVerificationToken"] = token,
        }));
        await App.BringDatabaseBackAsync();

        foreach (var page in new[] { images, signIn })
        {
            await RequireRefusalAsync(page, "text/html");
            var text = await page.Content.ReadAsStringAsync();
            Assert.Contains("<h1>Not just now</h1>", text);
            Assert.Contains("Please try again in 10 seconds.", text);
            Assert.False(page.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("imagerepo.session", StringComparison.Ordinal)));
        }
        Assert.Contains(person.UserName, await person.GetPageAsync("/images"));
        using var signedIn = await visitor.SignInAsync(person.UserName, ImageRepoClient.Password);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    [Fact]
    public async Task A_token_is_not_given_for_now_and_the_one_that_was_sent_is_not_used_up()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        using var visitor = App.Visit();
        var granted = await client.SignInAsync(person);
        App.TakeDatabaseAway();
        using var token = await visitor.Http.PostAsync("/connect/token", Refresh(granted));
        var userInfo = await client.UserInfoAsync(granted.Access);
        await App.BringDatabaseBackAsync();

        var answer = await RequireRefusalAsync(token, "application/json");
        Assert.Equal(("temporarily_unavailable", Problem), (answer.GetProperty("error").GetString(), answer.GetProperty("error_description").GetString()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable"), (userInfo.Status, userInfo.Error));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(granted.Refresh!)).Status);
    }

    [Fact]
    public async Task The_log_tells_it_in_a_line_however_many_ask()
    {
        using var person = await App.SignUpAsync();
        var before = App.Log.Entries.Count();
        App.TakeDatabaseAway();
        for (var i = 0; i < 20; i++)
        {
            using var query = await person.Http.PostAsJsonAsync("/graphql", new { query = Query });
            using var page = await person.Http.GetAsync("/trash");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (query.StatusCode, page.StatusCode));
        }
        var said = App.Log.Entries.Skip(before).Where(e => e.Level >= LogLevel.Warning).ToList();
        await App.BringDatabaseBackAsync();

        Assert.DoesNotContain(said, e => e.Exception is not null);
        Assert.True(said.Count(e => e.Level >= LogLevel.Error) < 20, string.Join('\n', said));
    }

    private static FormUrlEncodedContent Refresh(Granted granted) =>
        new(new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = granted.Refresh!, ["client_id"] = TokenClient.CommandLine });

    /// <returns>The answer, where it is JSON.</returns>
    private static async Task<JsonElement> RequireRefusalAsync(HttpResponseMessage response, string mediaType)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{response.StatusCode} {text}");
        Assert.Equal(TimeSpan.FromSeconds(10), response.Headers.RetryAfter?.Delta);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        // Neither what failed nor where.
        Assert.DoesNotContain("Exception", text);
        Assert.DoesNotContain("Npgsql", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("127.0.0.1", text);
        return mediaType == "text/html" ? default : JsonDocument.Parse(text).RootElement;
    }

    private static Task<HttpResponseMessage> PostPhotoAsync(ImageRepoClient person, byte[] photo)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new MultipartFormDataContent
            {
                { new StringContent("""{"query":"mutation($file: Upload!) { uploadImage(input: { file: $file }) { image { id } } }","variables":{"file":null}}"""), "operations" },
                { new StringContent("""{"0":["variables.file"]}"""), "map" },
                { new ByteArrayContent(photo), "0", "eagle.jpg" },
            },
        };
        request.Headers.Add("GraphQL-preflight", "1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return person.Http.SendAsync(request);
    }
}
