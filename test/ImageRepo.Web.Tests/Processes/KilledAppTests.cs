using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

public sealed class KilledAppTests
{
    private static readonly string[] Names =
        ["blue-sky.jpg", "brook.jpg", "dandelions.jpg", "dog-bicycle.jpg", "giraffe-zebra.jpg", "lamp-bird.jpg", "mountains.jpg", "nuthatch.jpg", "sunset.jpg", "wine-portrait.jpg"];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_tokens_count_and_all_gets_analysed_however_often_the_app_is_killed()
    {
        // No worker at first: all that is uploaded then certainly waits for its analysis when the app dies.
        await using var app = await BuiltApp.StartAsync(("Roles", "web"));
        ConcurrentDictionary<string, byte[]> acknowledged = new();
        HeldTokens tokens;
        using (var person = await app.SignUpAsync("survivor"))
        {
            tokens = await HeldTokens.TakeAsync(person);
            await UploadUntilKilledAsync(app, person, acknowledged, atLeast: 5);
        }

        // Once more, while a worker analyses.
        await app.StartAgainAsync(("Roles", "web,worker"));
        await tokens.RequireToCountAsync(app);
        using (var person = await SignInAsync(app))
        {
            await person.WaitForAnalysisAsync(acknowledged.Keys.Order(StringComparer.Ordinal).First());
            await UploadUntilKilledAsync(app, person, acknowledged, atLeast: acknowledged.Count + 2);
        }

        await app.StartAgainAsync(("Roles", "web,worker"));
        using (var person = await SignInAsync(app))
        {
            foreach (var (id, hash) in acknowledged)
            {
                Assert.Equal(hash, SHA256.HashData(await OriginalAsync(person, id)));
                Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(id));
            }
            // What was stored without its sender hearing of it is as whole as the rest.
            var data = await person.GraphQLAsync("{ images(first: 100) { nodes { id contentHash } } }");
            foreach (var image in data.GetProperty("images").GetProperty("nodes").EnumerateArray())
            {
                var original = await OriginalAsync(person, image.GetProperty("id").GetString()!);
                Assert.Equal(image.GetProperty("contentHash").GetString(), Convert.ToHexStringLower(SHA256.HashData(original)));
            }
        }
        Assert.NotEmpty(app.ProcessesOfTheFolder());
        Assert.Equal(0, await app.StopAsync());
        await app.UntilTheFolderIsFreeAsync();
        Assert.Empty(app.Errors());
    }

    /// <summary>Uploads in several lanes and kills the app when so many are known to be stored, with more on their way.</summary>
    private static async Task UploadUntilKilledAsync(BuiltApp app, ImageRepoClient person, ConcurrentDictionary<string, byte[]> acknowledged, int atLeast)
    {
        using var killed = new CancellationTokenSource();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lanes = Enumerable.Range(0, 4).Select(lane => Task.Run(async () =>
        {
            for (var i = lane; !killed.IsCancellationRequested; i++)
            {
                var photo = Photos.Variant(Repository.Photo(Names[i % Names.Length]));
                try
                {
                    acknowledged[await person.UploadAsync(photo, Names[i % Names.Length])] = SHA256.HashData(photo);
                }
                catch (HttpRequestException) when (killed.IsCancellationRequested)
                {
                    // This one was on its way.
                    return;
                }
                if (acknowledged.Count >= atLeast)
                {
                    enough.TrySetResult();
                }
            }
        })).ToList();
        // A lane that fails ends the wait as well.
        await Task.WhenAny([enough.Task, .. lanes]);
        await killed.CancelAsync();
        await app.KillAsync();
        await Task.WhenAll(lanes);
        Assert.True(acknowledged.Count >= atLeast, $"Only {acknowledged.Count} uploads were acknowledged.");
    }

    private static async Task<ImageRepoClient> SignInAsync(BuiltApp app)
    {
        var person = app.Visit();
        using var response = await person.SignInAsync("survivor", ImageRepoClient.Password);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return person;
    }

    private static async Task<byte[]> OriginalAsync(ImageRepoClient person, string id)
    {
        var data = await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } } }", new { id });
        return await person.Http.GetByteArrayAsync(data.GetProperty("image").GetProperty("original").GetProperty("url").GetString());
    }
}
