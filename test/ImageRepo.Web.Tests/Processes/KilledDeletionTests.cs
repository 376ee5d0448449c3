using System.Net;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Accounts;
using Npgsql;

namespace ImageRepo.Web.Tests.Processes;

public sealed class KilledDeletionTests
{
    private const int ImageCount = 24;
    private static readonly TimeSpan SweepLimit = TimeSpan.FromMinutes(1);

    /// <summary>A red pixel; what follows the end of a PNG is ignored, so that each can be told apart.</summary>
    private static readonly byte[] Pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Category", "Full")]
    public async Task An_account_whose_deletion_was_cut_off_is_whole_or_gone(bool isAtTheObjects)
    {
        // No worker at first, so that nothing but the deletion touches the objects.
        await using var app = await BuiltApp.StartAsync(("Roles", "web"));
        using var leaver = await app.SignUpAsync("leaver");
        for (var i = 0; i < ImageCount; i++)
        {
            await leaver.UploadAsync([.. Pixel, .. BitConverter.GetBytes(i)], $"{i}.png");
        }
        var owner = await OwnerAsync(app);
        var stored = Objects(app);
        Assert.True(stored >= 2 * ImageCount, $"{stored} objects.");

        var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["Password"] = ImageRepoClient.Password,
            ["IsSure"] = "true",
            ["requestVerificationToken"] = await leaver.TokenAsync("/account/delete"),
        });
        var deleting = leaver.Http.PostAsync("/account/delete", form);
        if (isAtTheObjects)
        {
            // The rows go first, all at once; then one object after the other.
            while (Objects(app) == stored && !deleting.IsCompleted)
            {
                await Task.Yield();
            }
        }
        else
        {
            // The password's check takes longer than this: it is cut off somewhere before or within the rows.
            await Task.Delay(Random.Shared.Next(20, 200));
        }
        await app.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => deleting);

        await app.StartAgainAsync(("Roles", "web,worker"));
        using var later = app.Visit();
        using var signedIn = await later.SignInAsync("leaver", ImageRepoClient.Password);
        if (signedIn.StatusCode == HttpStatusCode.Redirect)
        {
            Assert.False(isAtTheObjects, "Objects went before their account.");
            await AssertIsWholeAsync(later);
            using var deleted = await later.PostFormAsync("/account/delete", new() { ["Password"] = ImageRepoClient.Password, ["IsSure"] = "true" });
            Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);
        }
        await AssertNothingIsLeftAsync(app, owner);
        Assert.Empty(app.Errors());
    }

    private static async Task AssertIsWholeAsync(ImageRepoClient person)
    {
        var images = (await person.GraphQLAsync("{ images(first: 100) { totalCount nodes { byteSize original { url } thumbnail: rendition(width: 320) { url } } } }")).GetProperty("images");
        Assert.Equal(ImageCount, images.GetProperty("totalCount").GetInt32());
        foreach (var image in images.GetProperty("nodes").EnumerateArray())
        {
            Assert.Equal(image.GetProperty("byteSize").GetInt64(), (await person.Http.GetByteArrayAsync(image.GetProperty("original").GetProperty("url").GetString())).Length);
            Assert.NotEmpty(await person.Http.GetByteArrayAsync(image.GetProperty("thumbnail").GetProperty("url").GetString()));
        }
    }

    /// <summary>The worker sweeps when it starts, so it does not take long.</summary>
    private static async Task AssertNothingIsLeftAsync(BuiltApp app, Guid owner)
    {
        string[] left = [];
        for (var deadline = DateTime.UtcNow + SweepLimit; DateTime.UtcNow < deadline; await Task.Delay(100))
        {
            left = [.. (await Everything.RowsAsync(ConnectionString(app))).Where(r => r.Contains($"{owner}", StringComparison.OrdinalIgnoreCase) || r.Contains("leaver", StringComparison.Ordinal))];
            if (left is [] && Objects(app) == 0)
            {
                return;
            }
        }
        Assert.Fail($"{Objects(app)} objects and {left.Length} rows are left: {string.Join(Environment.NewLine, left)}");
    }

    private static int Objects(BuiltApp app)
    {
        try
        {
            return Directory.EnumerateFiles(app.Objects, "*", SearchOption.AllDirectories).Count();
        }
        catch (DirectoryNotFoundException)
        {
            return -1; // One went while they were counted.
        }
    }

    private static async Task<Guid> OwnerAsync(BuiltApp app)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString(app));
        await using var command = source.CreateCommand("select id from account where user_name = 'leaver'");
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>As docs/operations.md has it for a backup.</summary>
    private static string ConnectionString(BuiltApp app) =>
        new NpgsqlConnectionStringBuilder { Host = File.ReadAllLines(Path.Combine(app.DataDirectory, "postgres", "postmaster.pid"))[4], Username = "imagerepo", Database = "imagerepo", Pooling = false }.ConnectionString;
}
