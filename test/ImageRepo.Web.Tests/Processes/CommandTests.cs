using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

[Collection(ProcessCollection.Name)]
public sealed class CommandTests
{
    private const string OtherPassword = "another harbour at dusk";

    [Fact]
    public async Task Accounts_are_made_kept_out_let_in_and_given_passwords_while_the_app_runs_and_while_it_does_not()
    {
        await using var app = await BuiltApp.StartAsync();
        var made = await app.CommandAsync(["user", "create", "ana"], ImageRepoClient.Password + "\n");
        Assert.Equal((0, "Account ana was made.\n", ""), (made.ExitCode, made.Output, made.Errors));
        using var ana = app.Visit();
        Assert.True(await SignsInAsync(ana, "ana", ImageRepoClient.Password));

        await RequireAsync(app, "user disable ana", "is disabled");
        using (var page = await ana.Http.GetAsync("/images"))
        {
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        }
        Assert.False(await SignsInAsync(ana, "ana", ImageRepoClient.Password));
        Assert.Contains("ana\t", (await RequireAsync(app, "user list", "disabled since")).Output);
        await RequireAsync(app, "user enable ana", "is enabled");
        Assert.True(await SignsInAsync(ana, "ana", ImageRepoClient.Password));

        Assert.Equal(0, await app.StopAsync());
        await app.UntilTheFolderIsFreeAsync();
        await RequireAsync(app, "user reset-password ANA", "new password", OtherPassword + "\n");
        await RequireAsync(app, "user list", "active");
        await app.UntilTheFolderIsFreeAsync();

        await app.StartAgainAsync();
        using var later = app.Visit();
        Assert.False(await SignsInAsync(later, "ana", ImageRepoClient.Password));
        Assert.True(await SignsInAsync(later, "ana", OtherPassword));
        Assert.Empty(app.Errors());
        Assert.DoesNotContain(app.Log, line => line.Contains(OtherPassword, StringComparison.Ordinal) || line.Contains(ImageRepoClient.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_that_can_not_be_done_says_why_and_ends_with_another_code_than_one_that_is_misspelt()
    {
        await using var app = await BuiltApp.StartAsync();
        await RequireAsync(app, "user create bo", "was made", ImageRepoClient.Password);

        foreach (var (command, input, code, said) in new[]
        {
            ("user create BO", ImageRepoClient.Password, 1, "This user name is taken"),
            ("user create " + new string('x', 65), ImageRepoClient.Password, 1, "1 to 64 characters"),
            ("user create cy", "password123\n", 1, "too weak"),
            ("user create cy", "", 1, "Standard input holds no password"),
            ("user reset-password bo", "short", 1, "too short"),
            ("user disable nobody", "", 1, "There is no account nobody"),
            ("user disable", "", 2, "Required argument 'name' missing"),
            ("usr list", "", 2, "usr"),
            ("user list --colour", "", 2, "--colour"),
        })
        {
            var outcome = await app.CommandAsync(command.Split(' '), input);
            Assert.True(outcome.ExitCode == code && outcome.Errors.Contains(said, StringComparison.Ordinal) && !outcome.Errors.Contains("   at ", StringComparison.Ordinal),
                $"{command} ended with {outcome.ExitCode}: {outcome.Output}{outcome.Errors}");
        }
        // The refused reset has changed nothing.
        using var bo = app.Visit();
        Assert.True(await SignsInAsync(bo, "bo", ImageRepoClient.Password));
    }

    [Fact]
    public async Task The_master_key_is_changed_while_the_app_runs_and_the_old_one_opens_nothing_that_is_needed_afterwards()
    {
        await using var app = await BuiltApp.StartAsync();
        using var ana = await app.SignUpAsync("ana");
        var photo = Photos.Variant(Photos.Eagle);
        var id = await ana.UploadAsync(photo, "eagle.jpg");
        var link = await OriginalAsync(ana, id);

        await RequireAsync(app, "rotate-key", "Sealed anew: 3 objects.");
        Assert.Equal(photo, await ana.Http.GetByteArrayAsync(link));
        Assert.Equal(photo, await ana.Http.GetByteArrayAsync(await OriginalAsync(ana, await ana.UploadAsync(photo, "again.jpg"))));
        await RequireAsync(app, "rotate-key --reseal-only", "Sealed anew: 0 objects.");

        Assert.Equal(0, await app.StopAsync());
        await app.UntilTheFolderIsFreeAsync();
        Directory.Delete(Path.Combine(app.DataDirectory, "keys", "retired"), recursive: true);
        await app.StartAgainAsync();
        using var later = app.Visit();
        Assert.True(await SignsInAsync(later, "ana", ImageRepoClient.Password));
        Assert.Equal(photo, await later.Http.GetByteArrayAsync(await OriginalAsync(later, id)));
        Assert.Empty(app.Errors());
    }

    private static async Task<string> OriginalAsync(ImageRepoClient person, string id) =>
        new Uri((await person.GraphQLAsync("query($id: ID!) { image(id: $id) { original { url } } }", new { id })).GetProperty("image").GetProperty("original").GetProperty("url").GetString()!).AbsolutePath;

    [Fact]
    public async Task Help_lists_every_command_and_starts_nothing()
    {
        await using var app = BuiltApp.Prepare();

        var help = await app.CommandAsync(["--help"]);
        var group = await app.CommandAsync(["user", "--help"]);

        Assert.Equal((0, 0), (help.ExitCode, group.ExitCode));
        Assert.Contains("imagerepo [command]", help.Output);
        foreach (var name in new[] { "create", "reset-password", "disable", "enable", "list" })
        {
            Assert.Contains($"  {name} ", group.Output);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(app.DataDirectory));
    }

    private static async Task<CommandOutcome> RequireAsync(BuiltApp app, string command, string said, string input = "")
    {
        var outcome = await app.CommandAsync(command.Split(' '), input);
        Assert.True(outcome.ExitCode == 0 && outcome.Output.Contains(said, StringComparison.Ordinal), $"{command} ended with {outcome.ExitCode}: {outcome.Output}{outcome.Errors}");
        return outcome;
    }

    private static async Task<bool> SignsInAsync(ImageRepoClient client, string name, string password)
    {
        using var response = await client.SignInAsync(name, password);
        return response.StatusCode == HttpStatusCode.Redirect;
    }
}
