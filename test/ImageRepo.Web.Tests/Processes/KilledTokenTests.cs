using ImageRepo.Web.Tests.Tokens;

namespace ImageRepo.Web.Tests.Processes;

public sealed class KilledTokenTests
{
    [Fact]
    public async Task Tokens_count_after_the_app_was_killed_and_started_again()
    {
        await using var app = await BuiltApp.StartAsync();
        Granted granted;
        string personal;
        using (var person = await app.SignUpAsync("tokenholder"))
        using (var client = new TokenClient(person.Http.BaseAddress!))
        {
            granted = await client.SignInAsync(person);
            personal = await DeveloperForms.MakeTokenAsync(person, scopes: "images:read");
        }

        await app.KillAsync();
        await app.StartAgainAsync();

        // On another port: without a PublicUrl that is another address of the same installation.
        using var visitor = app.Visit();
        using var again = new TokenClient(visitor.Http.BaseAddress!);
        Assert.Null(await again.RefusalAsync(granted.Access));
        Assert.Null(await again.RefusalAsync(personal));
        Assert.Null(await again.RefusalAsync(Granted.Of(await again.RefreshAsync(granted.Refresh!)).Access));
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await again.RefusalAsync(null));
        Assert.DoesNotContain(app.Log, line => line.Contains(granted.Access, StringComparison.Ordinal) || line.Contains(granted.Refresh!, StringComparison.Ordinal) || line.Contains(personal, StringComparison.Ordinal));
    }
}
