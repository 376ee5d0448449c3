using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Api;

/// <summary>The store goes away and comes back: what can't be done meanwhile is refused in words, nothing is lost, nothing shows that is half.</summary>
public abstract class StoreAwayTests<TApp>(TApp app) : AppTests<TApp>(app)
    where TApp : ImageRepoApp
{
    private const string Upload = "mutation($file: Upload!) { uploadImage(input: { file: $file }) { image { id } } }";

    protected abstract void TakeAway();

    protected abstract void BringBack();

    [Fact]
    public async Task An_upload_is_refused_for_now_and_goes_well_later()
    {
        ExpectFailures();
        using var person = await App.SignUpAsync();
        var photo = Photos.Variant(Photos.Eagle);
        TakeAway();
        using var refused = await PostAsync(person, photo);
        var answer = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal("STORAGE_UNAVAILABLE", answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains("try again", answer.GetProperty("errors")[0].GetProperty("message").GetString());
        Assert.Equal(0, await CountAsync(person));

        BringBack();
        var id = await person.UploadAsync(photo, "eagle.jpg");
        Assert.Equal(1, await CountAsync(person));
        Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(id));
        var stored = await App.StoredAsync(person.UserName);
        // What the first attempt may have left is noted for the sweeper, and gone once it has been there.
        App.Time.Advance(TimeSpan.FromHours(25));
        await App.SweepAsync();
        Assert.Equal(3, stored);
        Assert.Equal(stored, await App.StoredAsync(person.UserName));
    }

    [Fact]
    public async Task A_deleted_image_is_gone_at_once_and_its_objects_follow()
    {
        ExpectFailures();
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");
        await person.WaitForAnalysisAsync(id);
        TakeAway();
        await person.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id], permanently: true }) { deletedIds } }", new { id });
        Assert.Equal(0, await CountAsync(person));

        BringBack();
        Assert.True(await App.StoredAsync(person.UserName) > 0);
        await App.SweepAsync();
        Assert.Equal(0, await App.StoredAsync(person.UserName));
    }

    private void ExpectFailures() => App.Log.Expect("ImageRepo.Infrastructure.ObjectStorage");

    private static async Task<HttpResponseMessage> PostAsync(ImageRepoClient person, byte[] photo)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(JsonSerializer.Serialize(new { query = Upload, variables = new { file = (string?)null } })), "operations" },
            { new StringContent("""{"0":["variables.file"]}"""), "map" },
            { new ByteArrayContent(photo), "0", "eagle.jpg" },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = form };
        request.Headers.Add("GraphQL-preflight", "1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return await person.Http.SendAsync(request);
    }

    private static async Task<int> CountAsync(ImageRepoClient person) =>
        (await person.GraphQLAsync("{ images { totalCount } }")).GetProperty("images").GetProperty("totalCount").GetInt32();
}

public sealed class StoreAwayOnFilesTests(ImageRepoApp app) : StoreAwayTests<ImageRepoApp>(app)
{
    private string Objects => Path.Combine(App.DataDirectory, "objects");

    [Fact]
    public async Task A_link_says_so_and_works_again_later()
    {
        App.Log.Expect("ImageRepo.Infrastructure.ObjectStorage");
        using var person = await App.SignUpAsync();
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");
        var data = await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } } }", new { id });
        var link = data.GetProperty("image").GetProperty("original").GetProperty("url").GetString();
        await person.WaitForAnalysisAsync(id);
        TakeAway();
        using var away = await person.Http.GetAsync(link);
        BringBack();
        using var back = await person.Http.GetAsync(link);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.NotNull(away.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    // As when the volume is not mounted.
    protected override void TakeAway() => Directory.Move(Objects, Objects + ".away");

    protected override void BringBack() => Directory.Move(Objects + ".away", Objects);
}

public sealed class StoreAwayOnS3Tests(S3App app) : StoreAwayTests<S3App>(app)
{
    protected override void TakeAway() => App.Line.Cut();

    protected override void BringBack() => App.Line.Mend();
}
