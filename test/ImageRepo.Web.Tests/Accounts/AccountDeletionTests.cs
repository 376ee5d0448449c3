using System.Net;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Testing;
using ImageRepo.Web.Tests.Api;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ImageRepo.Web.Tests.Accounts;

public abstract class AccountDeletionTests<TApp>(TApp app) : AppTests<TApp>(app)
    where TApp : ImageRepoApp
{
    [Fact]
    public async Task Deleting_an_account_leaves_no_row_and_no_object_of_it_and_takes_nothing_of_anybody_else()
    {
        using var bystander = await App.SignUpAsync("bystander");
        var shared = await bystander.UploadAsync(Photos.Variant(Photos.Eagle), "bystander.jpg");
        await bystander.WaitForAnalysisAsync(shared);
        await TagAsync(bystander, shared, "a word of both");
        var before = await Everything.ReadAsync(App);

        using var leaver = await App.SignUpAsync("leaver");
        await UseEverythingAsync(leaver);
        var meanwhile = await Everything.ReadAsync(App);
        Assert.True(meanwhile.Objects.Count > before.Objects.Count);
        Assert.NotEmpty(meanwhile.RowsWith("leaver"));

        using var deleted = await leaver.PostFormAsync("/account/delete", new() { ["Password"] = ImageRepoClient.Password, ["IsSure"] = "true" });

        Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);
        var after = await Everything.ReadAsync(App);
        Assert.Empty(after.Rows.Except(before.Rows));
        Assert.Empty(before.Rows.Except(after.Rows));
        Assert.Equal(before.Objects, after.Objects);
        using var gallery = await leaver.Http.GetAsync("/images");
        Assert.Equal(HttpStatusCode.Redirect, gallery.StatusCode);
        using var back = await leaver.SignInAsync("leaver", ImageRepoClient.Password);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Contains("bystander", await bystander.GetPageAsync("/images"));
    }

    [Theory]
    [InlineData("not the password", "true", "This is not your password")]
    [InlineData("", "true", "Enter your password")]
    [InlineData(ImageRepoClient.Password, "false", "Tick the box")]
    public async Task An_account_is_deleted_by_its_owner_alone_who_is_sure(string password, string isSure, string expected)
    {
        using var person = await App.SignUpAsync();

        using var response = await person.PostFormAsync("/account/delete", new() { ["Password"] = password, ["IsSure"] = isSure });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync());
        Assert.Contains("Your library is empty", await person.GetPageAsync("/images"));
    }

    [Fact]
    public async Task Without_a_password_the_sign_in_has_to_be_a_moment_old()
    {
        using var person = await App.SignUpAsync();
        await App.WithServicesAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            var user = (await users.FindByNameAsync(person.UserName))!;
            user.PasswordHash = null;
            return await users.UpdateAsync(user);
        });
        App.Time.Advance(TimeSpan.FromMinutes(11));

        using var late = await person.PostFormAsync("/account/delete", new() { ["IsSure"] = "true" });
        Assert.Contains("sign in again", await late.Content.ReadAsStringAsync());

        App.Time.Advance(-TimeSpan.FromMinutes(11));
        using var soon = await person.PostFormAsync("/account/delete", new() { ["IsSure"] = "true" });
        Assert.Equal(HttpStatusCode.Redirect, soon.StatusCode);
    }

    /// <summary>A row in every table that can hold one of a person, and objects of every kind.</summary>
    private async Task UseEverythingAsync(ImageRepoClient leaver)
    {
        var image = await leaver.UploadAsync(Photos.Variant(Photos.Giraffe), "leaver.jpg");
        var trashed = await leaver.UploadAsync(Photos.Variant(Photos.Eagle), "leaver too.jpg");
        await leaver.WaitForAnalysisAsync(image);
        await leaver.WaitForAnalysisAsync(trashed);
        await TagAsync(leaver, image, "a word of both");
        await TagAsync(leaver, image, "a word of the leaver alone");
        await TagAsync(leaver, trashed, "a word of the leaver's trash");
        await leaver.GraphQLAsync("mutation($id: ID!) { updateImage(input: { id: $id, description: \"What the leaver says\" }) { image { id } } }", new { id = image });
        await leaver.GraphQLAsync("mutation($id: ID!) { deleteImages(input: { ids: [$id] }) { deletedIds } }", new { id = trashed });
        await leaver.GraphQLAsync("mutation { reanalyzeImages(input: { all: true }) { count } }");
        await App.WithServicesAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            var user = (await users.FindByNameAsync("leaver"))!;
            await users.AddClaimAsync(user, new("kind", "leaver"));
            await users.AddLoginAsync(user, new UserLoginInfo("https://provider.example", "leaver", "Provider"));
            await users.SetAuthenticationTokenAsync(user, "https://provider.example", "leaver", "leaver");
            return await users.AddOrUpdatePasskeyAsync(user, new UserPasskeyInfo([1, 2, 3], [4], DateTimeOffset.UtcNow, 0, null, true, false, false, [5], [6]) { Name = "leaver" });
        });
        byte[] neverCompleted = [1, 2, 3, 4];
        await PartsClient.SendMissingAsync(await new PartsClient(leaver).BeginAsync(neverCompleted.Length), neverCompleted.Length, PartsClient.Reader(neverCompleted));
        using var second = App.Visit();
        using var elsewhere = await second.SignInAsync("leaver", ImageRepoClient.Password);
        Assert.Equal(HttpStatusCode.Redirect, elsewhere.StatusCode);
    }

    private static Task TagAsync(ImageRepoClient person, string id, string tag) =>
        person.GraphQLAsync("mutation($id: ID!, $tag: String!) { tagImages(input: { ids: [$id], add: [$tag] }) { images { id } } }", new { id, tag });
}

public sealed class AccountDeletionOnFilesTests(ImageRepoApp app) : AccountDeletionTests<ImageRepoApp>(app);

public sealed class AccountDeletionOnS3Tests(S3App app) : AccountDeletionTests<S3App>(app);
