using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.Hardening;

/// <summary>An answer's time tells nothing where the same work is done; the work is counted, since times on a busy machine tell little.</summary>
public sealed class SignInWorkTests(SignInWorkTests.CountingApp app) : AppTests<SignInWorkTests.CountingApp>(app)
{
    [Fact]
    public async Task Whoever_is_refused_has_cost_one_check_of_a_password()
    {
        using var known = await App.SignUpAsync();
        using var locked = await App.SignUpAsync();
        using var bare = await App.SignUpAsync();
        await App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == locked.UserName).ExecuteUpdateAsync(u => u.SetProperty(x => x.LockoutEnd, DateTimeOffset.UtcNow.AddMinutes(9))));
        await App.WithDatabaseAsync(db => db.Users.Where(u => u.UserName == bare.UserName).ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordHash, (string?)null)));
        using var visitor = App.Visit();
        using (await visitor.SignInAsync(known.UserName, ImageRepoClient.Password))
        {
            // The first of all may prepare something.
        }
        using var stranger = App.Visit();

        Assert.Equal((1, 0), await WorkAsync(stranger, known.UserName, "a wrong password"));
        Assert.Equal((1, 0), await WorkAsync(stranger, "nobody-has-this-name", "a wrong password"));
        Assert.Equal((1, 0), await WorkAsync(stranger, "no name \u00fc\u0001", "a wrong password"));
        Assert.Equal((1, 0), await WorkAsync(stranger, locked.UserName, "a wrong password"));
        Assert.Equal((1, 0), await WorkAsync(stranger, locked.UserName, ImageRepoClient.Password));
        Assert.Equal((1, 0), await WorkAsync(stranger, bare.UserName, ImageRepoClient.Password));
        Assert.Equal((1, 0), await WorkAsync(stranger, known.UserName, new string('x', 10_000)));
        Assert.Equal((1, 0), await WorkAsync(visitor, locked.UserName, "a wrong password"));
        Assert.Equal((1, 0), await WorkAsync(locked, locked.UserName, "a wrong password"));
    }

    private async Task<(int Checks, int Hashes)> WorkAsync(ImageRepoClient client, string name, string password)
    {
        // With no session, but with the cookie of a browser that it knows.
        foreach (System.Net.Cookie cookie in client.Cookies.GetAllCookies())
        {
            cookie.Expired = cookie.Name == "imagerepo.session";
        }
        var (checks, hashes) = (App.Checks, App.Hashes);
        using var response = await client.SignInAsync(name, password);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return (App.Checks - checks, App.Hashes - hashes);
    }

    public sealed class CountingApp : ImageRepoApp
    {
        private readonly CountingHasher _hasher = new();

        public int Checks => _hasher.Checks;

        public int Hashes => _hasher.Hashes;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<IPasswordHasher<User>>(_hasher));
        }
    }

    private sealed class CountingHasher : IPasswordHasher<User>
    {
        private readonly PasswordHasher<User> _real = new();

        public int Checks { get; private set; }

        public int Hashes { get; private set; }

        public string HashPassword(User user, string password)
        {
            Hashes++;
            return _real.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Checks++;
            return _real.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
