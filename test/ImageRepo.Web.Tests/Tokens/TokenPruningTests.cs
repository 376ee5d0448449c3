using ImageRepo.Infrastructure.Clients;
using ImageRepo.Testing;
using ImageRepo.Web.Identity.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ImageRepo.Web.Tests.Tokens;

public sealed class TokenPruningTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    [Fact]
    public async Task What_is_over_goes_and_what_still_counts_stays()
    {
        const string Callback = "https://app.example.org/callback";
        using var person = await App.SignUpAsync();
        var (clientId, secret) = await DeveloperForms.RegisterAsync(person, "Server", Callback);
        using var application = new TokenClient(App.Address, clientId, secret);
        using var client = new TokenClient(App.Address);
        await TokenClient.ConsentAsync(person, application.AuthorizationUrl(redirect: Callback));
        var personal = await DeveloperForms.MakeTokenAsync(person, "90", "images:read");
        var old = await client.SignInAsync(person);
        await client.RefreshAsync(old.Refresh!);
        await AgeAsync(TimeSpan.FromDays(31));
        var fresh = await client.SignInAsync(person);
        var used = fresh.Refresh!;
        fresh = Granted.Of(await client.RefreshAsync(used));
        var before = await CountAsync();

        await PruneAsync();

        var after = await CountAsync();
        // The person's old sign-in on the command line goes with its family; the personal token, the kept consent and today's sign-in stay.
        Assert.Equal(before.Authorizations - 1, after.Authorizations);
        Assert.True(after.Tokens < before.Tokens);
        Assert.Null(await client.RefusalAsync(personal));
        Assert.Null(await client.RefusalAsync(fresh.Access));
        using var kept = await person.Http.GetAsync(application.AuthorizationUrl(redirect: Callback));
        Assert.Equal(System.Net.HttpStatusCode.Redirect, kept.StatusCode);
        // A used refresh token of today is remembered, and so its second use is noticed.
        Assert.Equal("invalid_grant", (await client.RefreshAsync(used)).Error);
        Assert.Equal("AUTH_NOT_AUTHENTICATED", await client.RefusalAsync(fresh.Access));
    }

    [Fact]
    public async Task Of_several_workers_one_prunes_and_the_others_let_it()
    {
        using var person = await App.SignUpAsync();
        using var client = new TokenClient(App.Address);
        await client.SignInAsync(person);
        await AgeAsync(TimeSpan.FromDays(31));
        await using var other = NpgsqlDataSource.Create(App.ConnectionString);
        var before = await CountAsync();

        await using (var connection = await other.OpenConnectionAsync())
        {
            await using var hold = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('token pruning', 0))", connection);
            await hold.ExecuteNonQueryAsync();
            await PruneAsync();
            Assert.Equal(before, await CountAsync());
            await using var release = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended('token pruning', 0))", connection);
            await release.ExecuteNonQueryAsync();
        }
        // At once: none fails, and the lock is free again afterwards.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PruneAsync()));
        await PruneAsync();

        Assert.True((await CountAsync()).Tokens < before.Tokens);
    }

    /// <summary>As if so much time had passed. OpenIddict's store asks the machine's own clock what has expired, which no test moves.</summary>
    private Task<int> AgeAsync(TimeSpan by) => App.WithDatabaseAsync(async db =>
        await db.Database.ExecuteSqlAsync($"update client_token set creation_date = creation_date - {by}, expiration_date = expiration_date - {by}")
        + await db.Database.ExecuteSqlAsync($"update client_authorization set creation_date = creation_date - {by}"));

    private Task PruneAsync() => App.Services.GetServices<IHostedService>().OfType<TokenPruning>().Single().PruneAsync(default);

    private Task<(int Tokens, int Authorizations)> CountAsync() =>
        App.WithDatabaseAsync(async db => (await db.Set<ClientToken>().CountAsync(), await db.Set<ClientAuthorization>().CountAsync()));
}
