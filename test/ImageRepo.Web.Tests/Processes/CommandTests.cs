using System.Net;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Tokens;
using static ImageRepo.Web.Tests.Processes.Commands;

namespace ImageRepo.Web.Tests.Processes;

public sealed class CommandTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string OtherPassword = "another harbour at dusk";

    [Fact]
    public async Task Accounts_are_made_kept_out_let_in_and_given_passwords_while_the_app_runs_and_while_it_does_not()
    {
        var app = shared.App;
        var made = await app.CommandAsync(["user", "create", "ana"], ImageRepoClient.Password + "\n");
        Assert.Equal((0, "Account ana was made.\n"), (made.ExitCode, made.Output));
        Assert.Contains("Audit: SignedUp, account ", made.Errors);
        Assert.DoesNotContain(ImageRepoClient.Password, made.Errors);
        using var ana = app.Visit();
        Assert.True(await SignsInAsync(ana, "ana", ImageRepoClient.Password));

        Assert.Contains("Audit: AccountDisabled, account ", (await RequireAsync(app, "user disable ana", "is disabled")).Errors);
        using (var page = await ana.Http.GetAsync("/images"))
        {
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        }
        Assert.False(await SignsInAsync(ana, "ana", ImageRepoClient.Password));
        Assert.Matches("(?m)^ana\t.*\tdisabled since ", (await RequireAsync(app, "user list", "\tactive")).Output);
        await RequireAsync(app, "user enable ana", "is enabled");
        Assert.True(await SignsInAsync(ana, "ana", ImageRepoClient.Password));

        Assert.Equal(0, await app.StopAsync());
        await app.UntilTheFolderIsFreeAsync();
        await RequireAsync(app, "user reset-password ANA", "new password", OtherPassword + "\n");
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
        await RequireAsync(shared.App, "user create bo", "was made", ImageRepoClient.Password);

        await RequireRefusedAsync(
            new("user create BO", 1, "This user name is taken") { Input = ImageRepoClient.Password },
            new("user create cy", 1, "Standard input holds no password"),
            new("user reset-password bo", 1, "too weak") { Input = "password123\n" },
            new("user disable nobody", 1, "There is no account nobody"),
            new("user disable", 2, "Required argument 'name' missing"),
            new("usr list", 2, "usr"),
            new("client create Tool --type script --redirect https://tool.example/cb", 1, "name it by --owner", "opens no browser", "Choose what the script may do"),
            new($"client create {new string('x', 61)} --type confidential --after-sign-out http://tool.example/ --scope images:read", 1,
                "name of 1 to 60 characters", "at least one address", "is http", "--scope is for scripts"),
            new("client create Tool --type script --owner bo --scope images:all", 2, "images:all"),
            new("client create Tool --type native", 2, "native"),
            new("client create Tool", 2, "--type"),
            new("client remove nobody", 1, "There is no application nobody"),
            new("client remove imagerepo-cli", 1, "part of every installation"),
            new("user list --colour", 2, "--colour"));

        // The refused reset has changed nothing.
        using var bo = shared.App.Visit();
        Assert.True(await SignsInAsync(bo, "bo", ImageRepoClient.Password));
    }

    /// <summary>By the same rules as the pages and the commands above.</summary>
    [Fact]
    [Trait("Category", "Full")]
    public async Task Every_command_keeps_to_the_rules_of_names_passwords_and_addresses()
    {
        await RequireAsync(shared.App, "user create di", "was made", ImageRepoClient.Password);

        await RequireRefusedAsync(
            new("user create " + new string('x', 65), 1, "1 to 64 characters") { Input = ImageRepoClient.Password },
            new("user create cy", 1, "too weak") { Input = "password123\n" },
            new("user reset-password di", 1, "too short") { Input = "short" },
            new("client create Tool --type confidential --redirect http://tool.example/callback", 1, "is http"),
            new("client create Tool --type script --owner di", 1, "Choose what the script may do"),
            new("client create Tool --type script --owner nobody --scope images:read", 1, "There is no account nobody"),
            new("client create " + new string('x', 61) + " --type public", 1, "name of 1 to 60 characters"));
    }

    /// <summary>Two at a time: each is a process of its own, and none changes anything.</summary>
    private Task RequireRefusedAsync(params Refusal[] refusals) =>
        Parallel.ForEachAsync(refusals, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (refusal, _) =>
        {
            var outcome = await shared.App.CommandAsync(refusal.Command.Split(' '), refusal.Input);
            Assert.True(
                outcome.ExitCode == refusal.Code && refusal.Said.All(said => outcome.Errors.Contains(said, StringComparison.Ordinal)) && !outcome.Errors.Contains("   at ", StringComparison.Ordinal),
                $"{refusal.Command} ended with {outcome.ExitCode}: {outcome.Output}{outcome.Errors}");
        });

    private sealed record Refusal(string Command, int Code, params string[] Said)
    {
        public string Input { get; init; } = "";
    }

    [Fact]
    public async Task Applications_and_scripts_are_registered_used_listed_and_removed()
    {
        var app = shared.App;
        using var eve = await app.SignUpAsync("eve");
        await eve.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg");

        const string Callback = "https://tool.example/callback";
        var made = await RequireAsync(app, $"client create Tool --type confidential --redirect {Callback} --after-sign-out https://tool.example/", "client_secret=");
        var (toolId, toolSecret) = Credentials(made.Output);
        var script = await RequireAsync(app, "client create Backup --type script --owner eve --scope images:read", "client_secret=");
        var (scriptId, scriptSecret) = Credentials(script.Output);
        var (phoneId, none) = Credentials((await RequireAsync(app, "client create Phone --type public --owner eve --redirect org.example.phone:/callback", "client_id=")).Output);
        Assert.Null(none);
        Assert.Contains($"Audit: ApplicationRegistered, account (null), application {toolId}, by (null), from this machine, at ", made.Errors);
        Assert.DoesNotContain(toolSecret!, made.Errors);

        using var tool = new TokenClient(eve.Http.BaseAddress!, toolId, toolSecret);
        var granted = Granted.Of(await tool.RedeemAsync(TokenClient.CodeIn(await TokenClient.ConsentAsync(eve, tool.AuthorizationUrl(redirect: Callback))), redirect: Callback));
        Assert.Null(await tool.RefusalAsync(granted.Access));
        using var backup = new TokenClient(eve.Http.BaseAddress!, scriptId, scriptSecret);
        var own = Granted.Of(await backup.AskAsync("/connect/token", new() { ["grant_type"] = "client_credentials" }));
        Assert.Equal(1, (await backup.GraphQLAsync(own.Access, "{ images { totalCount } }")).GetProperty("data").GetProperty("images").GetProperty("totalCount").GetInt32());

        var list = (await RequireAsync(app, "client list", toolId)).Output;
        Assert.Matches($"(?m)^{toolId}\tTool\tconfidential\t[0-9-]{{10}}\t-$", list);
        Assert.Matches($"(?m)^{scriptId}\tBackup\tscript\t[0-9-]{{10}}\teve$", list);
        Assert.Matches($"(?m)^{phoneId}\tPhone\tpublic\t[0-9-]{{10}}\teve$", list);
        Assert.DoesNotContain("imagerepo-cli", list);

        await RequireAsync(app, $"client remove {toolId}", "is removed");
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await tool.RefusalAsync(granted.Access));
        Assert.DoesNotContain(toolId, (await RequireAsync(app, "client list", scriptId)).Output);
        Assert.Empty(app.Errors());
    }

    private static (string ClientId, string? Secret) Credentials(string output)
    {
        var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
        return (values["client_id"], values.GetValueOrDefault("client_secret"));
    }

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
}
