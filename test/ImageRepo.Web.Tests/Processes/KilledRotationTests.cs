using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

/// <summary>A change of the master key that is killed goes on with the next call, wherever it was, and at no moment is anything lost.</summary>
[Collection(ProcessCollection.Name)]
[Trait("Category", "Full")]
public sealed class KilledRotationTests
{
    [Fact]
    public async Task Rotate_key_is_killed_at_every_step_and_goes_on()
    {
        await using var app = await BuiltApp.StartAsync(("Roles", "web"));
        using var ana = await app.SignUpAsync("ana");
        var photo = Photos.Variant(Repository.Photo("nuthatch.jpg"));
        var id = await ana.UploadAsync(photo, "nuthatch.jpg");
        var keys = Path.Combine(app.DataDirectory, "keys");
        (string, string)[] At(string fault) => [("DOTNET_STARTUP_HOOKS", typeof(FaultyPort).Assembly.Location), ("FAULT", fault)];

        // The next key is made and not in use; then it is in use and nothing is sealed by it; then the objects are; then all but the end.
        Assert.NotEqual(0, (await app.CommandAsync(["rotate-key"], killWhen: () => File.Exists(Path.Combine(keys, "next.key")))).ExitCode);
        await RequireReadableAsync();
        Assert.NotEqual(0, (await app.CommandAsync(["rotate-key"], killWhen: () => Directory.Exists(Path.Combine(keys, "retired")))).ExitCode);
        await RequireReadableAsync();
        foreach (var fault in new[] { "ISealedSecrets.ResealAsync:1:before", "ISealedSecrets.ResealAsync:1:after", "ISealedSecrets.ResealAsync:3:after" })
        {
            Assert.NotEqual(0, (await app.CommandAsync(["rotate-key"], settings: At(fault))).ExitCode);
            await RequireReadableAsync();
        }
        var ended = await app.CommandAsync(["rotate-key"]);

        Assert.True(ended.ExitCode == 0, ended.Errors);
        // However often it was called, it was one change.
        Assert.Single(Directory.EnumerateFiles(Path.Combine(keys, "retired")));
        Assert.False(File.Exists(Path.Combine(keys, "rotating")));
        Directory.Delete(Path.Combine(keys, "retired"), recursive: true);
        await app.StopAsync();
        await app.StartAgainAsync();
        await RequireReadableAsync();
        var verified = await app.CommandAsync(["verify"]);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Errors);
        Assert.Empty(app.Errors());

        async Task RequireReadableAsync()
        {
            using var person = app.Visit();
            using var signedIn = await person.SignInAsync("ana", ImageRepoClient.Password);
            var data = await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } } }", new { id });
            Assert.Equal(photo, await person.Http.GetByteArrayAsync(data.GetProperty("image").GetProperty("original").GetProperty("url").GetString()));
        }
    }
}
