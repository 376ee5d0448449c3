using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

public sealed class BackupCommandTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task What_was_backed_up_while_the_app_ran_is_restored_elsewhere_and_people_find_their_pictures()
    {
        var backup = Directory.CreateTempSubdirectory("imagerepo-backup-").FullName;
        try
        {
            var app = shared.App;
            using var ana = await app.SignUpAsync("ana");
            var photo = Photos.Variant(Photos.Eagle);
            var id = await ana.UploadAsync(photo, "eagle.jpg");
            var made = await app.CommandAsync(["backup", backup]);
            Assert.True(made.ExitCode == 0, made.Errors);
            Assert.Contains($"{Directory.EnumerateFiles(app.Objects, "*.object", SearchOption.AllDirectories).Count()} objects are in the backup", made.Output);
            Assert.Contains("is not in it: keep that apart", made.Output);
            Assert.Equal(0, (await app.CommandAsync(["verify"])).ExitCode);

            await using var elsewhere = BuiltApp.Prepare();
            var withoutKey = await elsewhere.CommandAsync(["restore", backup]);
            Assert.Equal(1, withoutKey.ExitCode);
            Assert.Contains("Put the master key", withoutKey.Errors);
            Assert.DoesNotContain("   at ", withoutKey.Errors);
            File.Copy(Path.Combine(app.DataDirectory, "keys", "master.key"), Path.Combine(elsewhere.DataDirectory, "keys", "master.key"), overwrite: true);
            var restored = await elsewhere.CommandAsync(["restore", backup]);
            Assert.True(restored.ExitCode == 0, restored.Errors);
            var again = await elsewhere.CommandAsync(["restore", backup]);
            Assert.Equal(1, again.ExitCode);
            Assert.Contains("not empty", again.Errors);

            await elsewhere.StartAgainAsync();
            using var later = elsewhere.Visit();
            using (var signedIn = await later.SignInAsync("ana", ImageRepoClient.Password))
            {
                Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
            }
            var data = await later.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } } }", new { id });
            Assert.Equal(photo, await later.Http.GetByteArrayAsync(data.GetProperty("image").GetProperty("original").GetProperty("url").GetString()));
            Assert.Equal("COMPLETED", await later.WaitForAnalysisAsync(id));
            Assert.Empty(elsewhere.Errors());
            Assert.Empty(app.Errors());
        }
        finally
        {
            Directory.Delete(backup, recursive: true);
        }
    }

    [Fact]
    public async Task Verify_tells_each_fault_by_ids_alone_repairs_what_it_can_and_ends_with_1_while_something_is_wrong()
    {
        var app = shared.App;
        using var bo = await app.SignUpAsync("bo");
        await bo.UploadAsync(Photos.Variant(Photos.Eagle), "a secret name.jpg");
        var rendition = Directory.EnumerateFiles(Path.Combine(app.Objects, "renditions"), "320.object", SearchOption.AllDirectories).First();
        File.Delete(rendition);

        var found = await app.CommandAsync(["verify"]);
        var repaired = await app.CommandAsync(["verify", "--repair"]);
        var after = await app.CommandAsync(["verify"]);

        Assert.Equal((1, 0, 0), (found.ExitCode, repaired.ExitCode, after.ExitCode));
        Assert.Contains("missing: renditions/", found.Output);
        Assert.Contains("1 faults.", found.Output);
        Assert.Contains("missing, repaired: renditions/", repaired.Output);
        Assert.Contains("0 faults.", after.Output);
        Assert.DoesNotContain("secret", found.Output + repaired.Output);
        Assert.True(File.Exists(rendition));
    }
}
