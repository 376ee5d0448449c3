using ImageRepo.Testing;
using ImageRepo.Web.Tests.Tokens;

namespace ImageRepo.Web.Tests.Processes;

/// <summary>What a person's programs hold while the app goes down and comes back.</summary>
internal sealed record HeldTokens(Granted Granted, string Personal)
{
    public static async Task<HeldTokens> TakeAsync(ImageRepoClient person)
    {
        using var client = new TokenClient(person.Http.BaseAddress!);
        return new(await client.SignInAsync(person), await DeveloperForms.MakeTokenAsync(person, scopes: "images:read"));
    }

    public async Task RequireToCountAsync(BuiltApp app)
    {
        // On another port: without a PublicUrl that is another address of the same installation.
        using var visitor = app.Visit();
        using var again = new TokenClient(visitor.Http.BaseAddress!);
        Assert.Null(await again.RefusalAsync(Granted.Access));
        Assert.Null(await again.RefusalAsync(Personal));
        Assert.Null(await again.RefusalAsync(Granted.Of(await again.RefreshAsync(Granted.Refresh!)).Access));
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await again.RefusalAsync(null));
        Assert.DoesNotContain(app.Log, line => line.Contains(Granted.Access, StringComparison.Ordinal) || line.Contains(Granted.Refresh!, StringComparison.Ordinal) || line.Contains(Personal, StringComparison.Ordinal));
    }
}
