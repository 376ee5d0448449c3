using System.Net;
using ImageRepo.Testing;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Web.Tests.Hardening;

public sealed class LockoutTests(ImageRepoApp app) : AppTests<ImageRepoApp>(app)
{
    private const string Right = ImageRepoClient.Password;

    [Fact]
    public async Task Wrong_passwords_of_strangers_do_not_lock_out_a_browser_that_the_account_knows()
    {
        using var person = await App.SignUpAsync();
        await SignOutAsync(person);
        using var attacker = App.Visit();
        await GuessAsync(attacker, person.UserName, 20);

        Assert.False(await SignsInAsync(attacker, person.UserName, Right));
        Assert.True(await SignsInAsync(person, person.UserName, Right));
    }

    [Fact]
    public async Task A_browser_that_the_account_knows_has_few_tries_of_its_own_while_it_is_locked()
    {
        using var person = await App.SignUpAsync();
        await SignOutAsync(person);
        using var attacker = App.Visit();
        await GuessAsync(attacker, person.UserName, 5);
        await GuessAsync(person, person.UserName, 5);

        Assert.False(await SignsInAsync(person, person.UserName, Right));
    }

    [Fact]
    public async Task Each_account_knows_its_own_browsers_alone()
    {
        using var person = await App.SignUpAsync();
        using var attacker = await App.SignUpAsync();
        await SignOutAsync(attacker);
        await GuessAsync(attacker, person.UserName, 5);

        Assert.False(await SignsInAsync(attacker, person.UserName, Right));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_forged_cookie_makes_no_browser_known(string forged)
    {
        using var person = await App.SignUpAsync();
        using var attacker = App.Visit();
        attacker.Cookies.Add(App.Address, new Cookie("imagerepo.device", forged, "/"));
        await GuessAsync(attacker, person.UserName, 5);

        Assert.False(await SignsInAsync(attacker, person.UserName, Right));
    }

    [Fact]
    public async Task A_lock_for_longer_than_wrong_passwords_bring_holds_for_every_browser()
    {
        using var person = await App.SignUpAsync();
        await SignOutAsync(person);
        await App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == person.UserName).ExecuteUpdateAsync(u => u.SetProperty(x => x.LockoutEnd, DateTimeOffset.MaxValue)));

        Assert.False(await SignsInAsync(person, person.UserName, Right));
    }

    [Fact]
    public async Task Tries_while_it_is_locked_do_not_lock_it_for_longer()
    {
        using var person = await App.SignUpAsync();
        using var attacker = App.Visit();
        await GuessAsync(attacker, person.UserName, 5);
        var locked = await EndAsync(person.UserName);
        await GuessAsync(attacker, person.UserName, 10);

        Assert.NotNull(locked);
        Assert.Equal(locked, await EndAsync(person.UserName));
    }

    private Task<DateTimeOffset?> EndAsync(string name) =>
        App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == name).Select(u => u.LockoutEnd).SingleAsync());

    private static async Task GuessAsync(ImageRepoClient client, string name, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.False(await SignsInAsync(client, name, $"guess number {i}"));
        }
    }

    private static async Task<bool> SignsInAsync(ImageRepoClient client, string name, string password)
    {
        using var response = await client.SignInAsync(name, password);
        return response.StatusCode == HttpStatusCode.Redirect;
    }

    private static async Task SignOutAsync(ImageRepoClient client)
    {
        using var response = await client.PostFormAsync("/account/sign-out", []);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }
}
