using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Api;

namespace ImageRepo.Web.Tests.Processes;

/// <summary>
/// kill -9 at every step of an image's way. Each life of the app ends at a step (<see cref="StartupHook"/>); in the next all that shows is
/// whole, and in the end the sweeper has left nothing in the store that is no image's.
/// </summary>
[Collection(ProcessCollection.Name)]
[Trait("Category", "Full")]
public sealed class FaultTests
{
    private static readonly string[] OnTheWayIn =
    [
        "IImageLibrary.ReserveAsync:1:before", "IImageLibrary.ReserveAsync:1:after",
        "IObjectStore.PutAsync:1:before", "IObjectStore.PutAsync:1:after",
        // Before and after the decode; the reader itself takes spans, which no proxy can pass on.
        "IImageLibrary.FindTwinAsync:1:after", "IObjectStore.PutAsync:2:before",
        "IObjectStore.PutAsync:2:after", "IObjectStore.PutAsync:3:before",
        "IImageLibrary.AddAsync:1:before", "IImageLibrary.AddAsync:1:after",
    ];

    private static readonly string[] InParts =
    [
        "IUploadRegister.AddAsync:1:after", "IUploadRegister.HoldAsync:1:after",
        "IUploadRegister.CompleteAsync:1:before", "IUploadRegister.CompleteAsync:1:after",
        "IObjectStore.DeleteAllAsync:1:before", "IObjectStore.DeleteAllAsync:1:after",
    ];

    // The first change of a run locks the owner, the second says that the analysis runs; the last of four brings what was found.
    private static readonly string[] InTheAnalysis =
    [
        "IImageLibrary.ChangeAsync:2:after", "IObjectStore.OpenReadAsync:1:after",
        "IImageAnalyzer.AnalyzeAsync:1:before", "IImageAnalyzer.AnalyzeAsync:1:after", "IImageLibrary.ChangeAsync:4:after",
    ];

    private static readonly string[] OnTheWayOut =
    [
        "IImageLibrary.PurgeAsync:1:before", "IObjectStore.DeleteAsync:1:before", "IObjectStore.DeleteAsync:1:after",
        "IObjectStore.DeleteAllAsync:1:before", "IObjectStore.DeleteAllAsync:1:after", "IImageLibrary.PurgeAsync:1:after",
    ];

    private static readonly string[] InTheSweeper = ["IObjectStore.DeleteAsync:1:before", "IObjectStore.DeleteAsync:1:after", "IObjectStore.DeleteAllAsync:2:after"];

    private readonly Dictionary<string, string> _acknowledged = [];
    private readonly HashSet<string> _purged = [];

    [Theory]
    [InlineData(Store.Files)]
    [InlineData(Store.S3)]
    public async Task Killed_at_any_step_nothing_is_lost_that_was_acknowledged_nothing_shows_half_and_nothing_is_left_over(Store store)
    {
        await using var app = await StartAsync(store);
        using (var person = await app.SignUpAsync("survivor"))
        {
            await UploadAsync(person);
            await person.WaitForAnalysisAsync(_acknowledged.Keys.Single());
        }
        await app.KillAsync();

        foreach (var fault in OnTheWayIn)
        {
            await LiveUntilAsync(app, store, fault, "web", UploadAsync);
        }
        foreach (var fault in InParts)
        {
            await LiveUntilAsync(app, store, fault, "web", UploadInPartsAsync);
        }
        foreach (var fault in InTheAnalysis)
        {
            // What earlier lives have left pending is enough to end this one, at its very start.
            await LiveUntilAsync(app, store, fault, "web", UploadAsync, quietly: true);
            await LiveUntilAsync(app, store, fault, "worker", act: null);
        }
        foreach (var fault in OnTheWayOut)
        {
            await LiveUntilAsync(app, store, fault, "web", PurgeAsync);
        }
        foreach (var fault in InTheSweeper)
        {
            await LiveUntilAsync(app, store, fault, "worker", act: null, clockAhead: "2.02:00:00");
        }

        // Parts are cleared away a day after an upload has expired.
        await app.StartAgainAsync([.. Settings(store), ("CLOCK_AHEAD", "2.02:00:00"), .. Hook]);
        using (var person = await SignInAsync(app))
        {
            await RequireWholeAsync(person);
            foreach (var id in _acknowledged.Keys.Except(_purged))
            {
                Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(id));
            }
        }
        await VerifyUntilSweptAsync(app);
        Assert.Equal(0, await app.StopAsync());
    }

    /// <summary>Starts the app, which has a fault, looks at what the lives before have left, and does what leads to the fault.</summary>
    /// <param name="act">Null where the app comes there by itself.</param>
    /// <param name="quietly">No fault: the life ends after the act.</param>
    private async Task LiveUntilAsync(BuiltApp app, Store store, string fault, string roles, Func<ImageRepoClient, Task>? act, string? clockAhead = null, bool quietly = false)
    {
        try
        {
            await app.StartAgainAsync(
                [.. Settings(store), ("Roles", roles), .. Hook, .. quietly ? [] : new[] { ("FAULT", fault) }, .. clockAhead is null ? [] : new[] { ("CLOCK_AHEAD", clockAhead) }]);
        }
        catch (InvalidOperationException) when (act is null && app.HasEnded)
        {
            // It came to the fault before it was ready.
            return;
        }
        if (act is not null)
        {
            using var person = await SignInAsync(app);
            await RequireWholeAsync(person);
            if (quietly)
            {
                await act(person);
                await app.KillAsync();
                return;
            }
            var end = await Record.ExceptionAsync(() => act(person));
            Assert.True(end is HttpRequestException, $"{fault}: {end}\n{string.Join('\n', app.Log.TakeLast(40))}");
        }
        await app.UntilItEndsAsync();
    }

    private async Task UploadAsync(ImageRepoClient person)
    {
        var photo = Photos.Variant(Repository.Photo("nuthatch.jpg"));
        _acknowledged[await person.UploadAsync(photo, "nuthatch.jpg")] = Convert.ToHexStringLower(SHA256.HashData(photo));
    }

    private async Task UploadInPartsAsync(ImageRepoClient person)
    {
        var photo = Photos.Variant(Repository.Photo("nuthatch.jpg"));
        var parts = new PartsClient(person);
        var upload = await parts.BeginAsync(photo.Length);
        await PartsClient.SendMissingAsync(upload, photo.Length, PartsClient.Reader(photo));
        var completed = await parts.CompleteAsync(upload);
        _acknowledged[completed.GetProperty("image").GetProperty("id").GetString()!] = Convert.ToHexStringLower(SHA256.HashData(photo));
    }

    /// <summary>The newest image for good. Whether it goes is open until the answer.</summary>
    private async Task PurgeAsync(ImageRepoClient person)
    {
        var id = (await ImagesAsync(person))[0].GetProperty("id").GetString()!;
        _purged.Add(id);
        await person.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id], permanently: true }) { deletedIds } }", new { id });
    }

    private async Task RequireWholeAsync(ImageRepoClient person)
    {
        var images = await ImagesAsync(person);
        foreach (var image in images)
        {
            var id = image.GetProperty("id").GetString()!;
            var hash = Convert.ToHexStringLower(SHA256.HashData(await person.Http.GetByteArrayAsync(image.GetProperty("original").GetProperty("url").GetString())));
            Assert.Equal(image.GetProperty("contentHash").GetString(), hash);
            Assert.Equal(_acknowledged.GetValueOrDefault(id, hash), hash);
            Assert.NotEmpty(await person.Http.GetByteArrayAsync(image.GetProperty("thumbnail").GetProperty("url").GetString()));
        }
        var shown = images.Select(i => i.GetProperty("id").GetString()!).ToHashSet();
        Assert.All(_acknowledged.Keys.Except(_purged), id => Assert.Contains(id, shown));
    }

    private static async Task<List<JsonElement>> ImagesAsync(ImageRepoClient person) =>
        [.. (await person.GraphQLAsync("{ images(first: 100) { nodes { id contentHash original { url } thumbnail: rendition(width: 320) { url } } } }")).GetProperty("images").GetProperty("nodes").EnumerateArray()];

    /// <summary>The sweeper begins with the app.</summary>
    private static async Task VerifyUntilSweptAsync(BuiltApp app)
    {
        for (var deadline = DateTime.UtcNow + TimeSpan.FromMinutes(2); ; await Task.Delay(500))
        {
            var verified = await app.CommandAsync(["verify"]);
            if (verified.ExitCode == 0 && verified.Output.Contains(", 0 of them of uploads under way or left for the sweeper", StringComparison.Ordinal))
            {
                return;
            }
            Assert.True(DateTime.UtcNow < deadline, verified.Output + verified.Errors);
        }
    }

    private static async Task<ImageRepoClient> SignInAsync(BuiltApp app)
    {
        var person = app.Visit();
        using var response = await person.SignInAsync("survivor", ImageRepoClient.Password);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return person;
    }

    private static readonly (string Name, string Value)[] Hook = [("DOTNET_STARTUP_HOOKS", typeof(FaultyPort).Assembly.Location)];

    private readonly Dictionary<string, string?> _bucket = [];

    private async Task<BuiltApp> StartAsync(Store store)
    {
        if (store == Store.S3)
        {
            foreach (var (name, value) in await S3Server.CreateBucketAsync())
            {
                _bucket[name] = value;
            }
        }
        return await BuiltApp.StartAsync(Settings(store));
    }

    private (string Name, string Value)[] Settings(Store store) => store == Store.S3 ? [.. _bucket.Select(s => (s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value!))] : [];
}
