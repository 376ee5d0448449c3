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
    private const string Begin = "mutation($id: ID, $size: Long!) { beginUpload(input: { uploadId: $id, fileName: \"large.jpg\", byteSize: $size }) { upload { id } errors { __typename } } }";
    private const string Complete = "mutation($id: ID!) { completeUpload(input: { uploadId: $id }) { image { id } errors { __typename } } }";
    private const string Upload = "mutation($file: Upload!) { uploadImage(input: { file: $file }) { image { id } } }";

    protected abstract void TakeAway();

    protected abstract void BringBack();

    /// <summary>How the sender of a part learns that it was not stored.</summary>
    protected abstract Task RequireNotStoredAsync(Task<HttpResponseMessage> sending);

    [Fact]
    public async Task An_upload_is_refused_for_now_and_goes_well_later()
    {
        ExpectFailures();
        using var person = await App.SignUpAsync();
        var photo = Photos.Variant(Photos.Eagle);
        TakeAway();
        using var refused = await PostAsync(person, photo);
        await RequireUnavailableAsync(refused);
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

    [Fact]
    public async Task A_part_that_was_on_its_way_is_sent_again_and_the_upload_completes()
    {
        ExpectFailures();
        using var person = await App.SignUpAsync();
        var client = new PartsClient(person);
        // What follows the end marker belongs to the file but not to the picture.
        byte[] photo = [.. Photos.Variant(Photos.Eagle), .. new byte[9 << 20]];
        var upload = await client.BeginAsync(photo.Length);
        var partSize = upload.GetProperty("partSize").GetInt32();
        var parts = upload.GetProperty("parts").EnumerateArray().ToList();
        using var second = await PartsClient.PutAsync(parts[1], new ByteArrayContent(photo[partSize..]));
        second.EnsureSuccessStatusCode();

        await RequireNotStoredAsync(PartsClient.PutAsync(parts[0], new BrokenOff(photo[..partSize], TakeAway)));
        var id = upload.GetProperty("id").GetString();
        using var resumed = await person.Http.PostAsJsonAsync("/graphql", new { query = Begin, variables = new { id, size = photo.Length } });
        using var completed = await person.Http.PostAsJsonAsync("/graphql", new { query = Complete, variables = new { id } });
        BringBack();

        await RequireUnavailableAsync(resumed);
        await RequireUnavailableAsync(completed);
        var again = await client.BeginAsync(photo.Length, id);
        Assert.Equal([false, true], again.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("isReceived").GetBoolean()));
        await PartsClient.SendMissingAsync(again, photo.Length, PartsClient.Reader(photo));
        var image = (await client.CompleteAsync(again)).GetProperty("image");
        Assert.Equal(photo, await person.Http.GetByteArrayAsync(await FinalAddressAsync(person, image.GetProperty("original").GetProperty("url").GetString()!)));
        Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(image.GetProperty("id").GetString()!));
        Assert.Equal(3, await App.StoredAsync(person.UserName));
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

    private static async Task RequireUnavailableAsync(HttpResponseMessage refused)
    {
        var answer = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(refused.StatusCode == HttpStatusCode.ServiceUnavailable, $"{refused.StatusCode} {answer}");
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal("STORAGE_UNAVAILABLE", answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains("try again", answer.GetProperty("errors")[0].GetProperty("message").GetString());
    }

    /// <summary>Where a link leads: the store itself may give out what it has.</summary>
    private static async Task<Uri> FinalAddressAsync(ImageRepoClient person, string link)
    {
        using var response = await person.Http.GetAsync(link, HttpCompletionOption.ResponseHeadersRead);
        return response.Headers.Location ?? new Uri(person.Http.BaseAddress!, link);
    }

    private static async Task<int> CountAsync(ImageRepoClient person) =>
        (await person.GraphQLAsync("{ images { totalCount } }")).GetProperty("images").GetProperty("totalCount").GetInt32();

    /// <summary>Something happens when half of it is sent.</summary>
    private sealed class BrokenOff(byte[] content, Action halfWay) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content.AsMemory(..(content.Length / 2)));
            await stream.FlushAsync();
            halfWay();
            await stream.WriteAsync(content.AsMemory((content.Length / 2)..));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
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

    protected override async Task RequireNotStoredAsync(Task<HttpResponseMessage> sending)
    {
        using var refused = await sending;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal("The store of images can't be reached at the moment; try again in a moment.", await refused.Content.ReadAsStringAsync());
    }
}

/// <summary>Browsers too go to the store by the line that is cut.</summary>
public sealed class S3LineApp : S3App
{
    protected override async Task ConfigureAsync(IDictionary<string, string?> settings)
    {
        await base.ConfigureAsync(settings);
        settings["Storage:S3:PublicUrl"] = Line.Address!.ToString();
    }
}

public sealed class StoreAwayOnS3Tests(S3LineApp app) : StoreAwayTests<S3LineApp>(app)
{
    protected override void TakeAway() => App.Line.Cut();

    protected override void BringBack() => App.Line.Mend();

    // The store itself takes the part, so that nobody is left to answer.
    protected override async Task RequireNotStoredAsync(Task<HttpResponseMessage> sending) => await Assert.ThrowsAsync<HttpRequestException>(() => sending);
}
