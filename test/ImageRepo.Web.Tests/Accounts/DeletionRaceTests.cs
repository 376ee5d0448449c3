using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Api;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Tests.Accounts;

/// <summary>What is under way for an account while it is deleted comes to nothing, and its sender is told so.</summary>
public sealed class DeletionRaceTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private const string Document = "mutation($file: Upload!) { uploadImage(input: { file: $file }) { image { id } errors { __typename } } }";

    [Fact]
    public async Task An_upload_that_ends_after_its_account_is_refused_and_leaves_nothing()
    {
        var before = await Everything.ReadAsync(App);
        using var leaver = await App.SignUpAsync();
        using var body = new HeldBody(Photos.Variant(Photos.Giraffe));
        using var form = new MultipartFormDataContent
        {
            { new StringContent(JsonSerializer.Serialize(new { query = Document, variables = new { file = (string?)null } })), "operations" },
            { new StringContent("""{"0":["variables.file"]}"""), "map" },
            { body, "0", "late.jpg" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = form };
        request.Headers.Add("GraphQL-preflight", "1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var sending = leaver.Http.SendAsync(request);
        await UntilAsync(async () => (await Everything.ReadAsync(App)).RowsWith("public.unclaimed").Any());

        await DeleteAsync(leaver);
        body.Release();
        using var response = await sending;

        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];
        Assert.Equal("ACCOUNT_GONE", error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal("This account was deleted meanwhile, so nothing was kept.", error.GetProperty("message").GetString());
        await AssertNothingIsLeftAsync(before);
    }

    [Fact]
    public async Task A_part_that_arrives_after_its_account_has_ended_is_refused_and_leaves_nothing()
    {
        var before = await Everything.ReadAsync(App);
        using var leaver = await App.SignUpAsync();
        var content = Photos.Variant(Photos.Eagle);
        var upload = await new PartsClient(leaver).BeginAsync(content.Length);
        using var body = new HeldBody(content);
        var sending = PartsClient.PutAsync(PartsClient.UrlOf(upload, 1), body);
        await body.IsUnderWay;

        await DeleteAsync(leaver);
        body.Release();
        using var response = await sending;

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await AssertNothingIsLeftAsync(before);
    }

    [Theory]
    [InlineData("/account/password")]
    [InlineData("/images/{id}?handler=Favorite")]
    public async Task A_form_that_arrives_after_its_account_has_ended_signs_its_sender_out(string form)
    {
        using var leaver = await App.SignUpAsync();
        using var elsewhere = App.Visit();
        using var signedIn = await elsewhere.SignInAsync(leaver.UserName, ImageRepoClient.Password);
        var path = form.Replace("/images/{id}", ImageRepoClient.PageOf(await leaver.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg")));
        var fields = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["requestVerificationToken"] = await elsewhere.TokenAsync(path.Split('?')[0]),
            ["isFavorite"] = "true",
        });
        using var body = new HeldBody(await fields.ReadAsByteArrayAsync()) { Headers = { ContentType = fields.Headers.ContentType } };
        // A session that has not been seen for a while is noted as seen: so it is known that the request was let in.
        App.Time.Advance(TimeSpan.FromMinutes(10));
        var before = await LastSeenAsync(leaver);
        var sending = elsewhere.Http.PostAsync(path, body);
        await UntilAsync(async () => await LastSeenAsync(leaver) > before);

        await DeleteAsync(leaver);
        body.Release();
        using var response = await sending;

        Assert.Equal((HttpStatusCode.Redirect, "/account/sign-in"), (response.StatusCode, response.Headers.Location?.OriginalString));
        Assert.Null(elsewhere.Cookies.GetCookies(App.Address)["imagerepo.session"]);
        Assert.Contains("Sign in", await elsewhere.GetPageAsync("/account/sign-in"));
    }

    [Fact]
    public async Task Of_many_uploads_at_once_with_a_deletion_each_is_answered_and_none_is_left()
    {
        var before = await Everything.ReadAsync(App);
        using var leaver = await App.SignUpAsync();
        var kept = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lanes = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                using var response = await leaver.Http.SendAsync(Upload(Photos.Variant(Photos.Eagle)));
                var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
                if (answer.TryGetProperty("errors", out var errors))
                {
                    return errors[0].GetProperty("extensions").GetProperty("code").GetString();
                }
                if (Interlocked.Increment(ref kept) == 4)
                {
                    enough.SetResult();
                }
            }
        })).ToList();
        await Task.WhenAny([enough.Task, .. lanes]);

        await DeleteAsync(leaver);
        var ends = await Task.WhenAll(lanes);

        Assert.True(kept >= 4);
        Assert.All(ends, code => Assert.True(code is "ACCOUNT_GONE" or "AUTH_NOT_AUTHENTICATED", code));
        await AssertNothingIsLeftAsync(before);
    }

    private static HttpRequestMessage Upload(byte[] photo)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new MultipartFormDataContent
            {
                { new StringContent(JsonSerializer.Serialize(new { query = Document, variables = new { file = (string?)null } })), "operations" },
                { new StringContent("""{"0":["variables.file"]}"""), "map" },
                { new ByteArrayContent(photo), "0", "many.jpg" },
            },
        };
        request.Headers.Add("GraphQL-preflight", "1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }

    private Task<DateTimeOffset> LastSeenAsync(ImageRepoClient person) => App.WithDatabaseAsync(db =>
        db.Set<Session>().Where(s => db.Users.Any(u => u.Id == s.AccountId && u.UserName == person.UserName)).MaxAsync(s => s.LastSeenAt));

    private static async Task DeleteAsync(ImageRepoClient leaver)
    {
        using var deleted = await leaver.PostFormAsync("/account/delete", new() { ["Password"] = ImageRepoClient.Password, ["IsSure"] = "true" });
        Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);
    }

    private async Task AssertNothingIsLeftAsync(Everything before)
    {
        // An analysis of one of the images may have begun; it ends by itself.
        await UntilAsync(async () => (await Everything.ReadAsync(App)).Rows.SetEquals(before.Rows));
        Assert.Equal(before.Objects, (await Everything.ReadAsync(App)).Objects);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(1); !await isSo(); await Task.Delay(20))
        {
            Assert.True(DateTime.UtcNow < deadline, "It did not come to be.");
        }
    }

    /// <summary>Sends all but its last byte, and that when it is let.</summary>
    private sealed class HeldBody : HttpContent
    {
        private readonly byte[] _content;
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _isUnderWay = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldBody(byte[] content) => _content = content;

        public Task IsUnderWay => _isUnderWay.Task;

        public void Release() => _release.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_content.AsMemory(0, _content.Length - 1));
            await stream.FlushAsync();
            _isUnderWay.SetResult();
            await _release.Task;
            await stream.WriteAsync(_content.AsMemory(_content.Length - 1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _content.Length;
            return true;
        }
    }
}
