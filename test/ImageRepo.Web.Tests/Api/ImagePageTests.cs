using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Api;

/// <summary>The page of one image, whichever store holds it.</summary>
public abstract class ImagePageTests<TApp>(TApp app) : AppTests<TApp>(app)
    where TApp : ImageRepoApp
{
    [Fact]
    public async Task The_owners_words_are_saved_and_the_analyzers_left_alone()
    {
        using var person = await App.SignUpAsync();
        var (id, path) = await UploadAsync(person);
        await person.WaitForAnalysisAsync(id);
        var before = await DescriptionAsync(person, id);

        using var response = await PostAsync(person, path, "edit", new()
        {
            ["FileName"] = "renamed.jpg",
            ["FileNameBefore"] = "giraffe.jpg",
            ["AltText"] = "A giraffe & <b>friends</b>",
            ["Description"] = before.Text,
            ["DescriptionBefore"] = before.Text,
        });

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var page = WebUtility.HtmlDecode(await person.GetPageAsync(path));
        Assert.Contains("Your words are saved.", page);
        Assert.Contains("renamed.jpg", page);
        Assert.Contains("A giraffe & <b>friends</b>", page);
        Assert.Equal(before, await DescriptionAsync(person, id));
    }

    [Fact]
    public async Task Words_that_are_too_long_are_named_and_kept_in_the_form()
    {
        using var person = await App.SignUpAsync();
        var (_, path) = await UploadAsync(person);

        using var response = await PostAsync(person, path, "edit", new() { ["FileName"] = "giraffe.jpg", ["FileNameBefore"] = "giraffe.jpg", ["AltText"] = new string('y', 2001) });

        var page = await response.Content.ReadAsStringAsync();
        Assert.Contains("at most 2000 are allowed", page);
        Assert.Contains(new string('y', 2001), page);
    }

    [Fact]
    public async Task Tags_are_added_and_removed_and_filter_the_gallery()
    {
        using var person = await App.SignUpAsync();
        var (_, path) = await UploadAsync(person);

        using (await PostAsync(person, path, "tag", new() { ["tags"] = "Zoo Trip , holiday" }))
        {
        }
        Assert.Contains(path, await person.GetPageAsync("/images?tag=zoo%20trip"));
        using (await PostAsync(person, path, "untag", new() { ["tag"] = "zoo trip" }))
        {
        }

        Assert.Contains("Nothing found", await person.GetPageAsync("/images?tag=zoo%20trip"));
        Assert.DoesNotContain("Nothing found", await person.GetPageAsync("/images?tag=holiday"));
    }

    [Fact]
    public async Task Similar_images_stand_below_the_image_and_nothing_where_there_are_none()
    {
        using var person = await App.SignUpAsync();
        var (_, first) = await UploadAsync(person);
        var eagle = ImageRepoClient.PageOf(await person.UploadAsync(Photos.Variant(Photos.Eagle), "eagle.jpg"));
        Assert.DoesNotContain("Similar images", await person.GetPageAsync(first));

        var (_, second) = await UploadAsync(person);

        var similar = (await person.GetPageAsync(first)).Split("Similar images");
        Assert.Equal(2, similar.Length);
        Assert.Contains($"href=\"{second}\"", similar[1]);
        Assert.DoesNotContain($"href=\"{first}\"", similar[1]);
        Assert.DoesNotContain(eagle, similar[1]);
        Assert.DoesNotContain("Similar images", await person.GetPageAsync(eagle));
    }

    [Fact]
    public async Task An_image_goes_to_the_trash_and_comes_back_by_undo()
    {
        using var person = await App.SignUpAsync();
        var (_, path) = await UploadAsync(person);

        using var trashed = await PostAsync(person, path, "trash", []);
        var notice = await person.GetPageAsync("/images");
        Assert.Contains("Moved to the trash", notice);
        Assert.Contains("Undo", notice);
        Assert.Contains(path, await person.GetPageAsync("/trash"));
        using var restored = await person.PostFormAsync("/trash?handler=restore", new() { ["id"] = path["/images/".Length..], ["returnToImage"] = "true" }, "/trash");

        Assert.Equal(path, restored.Headers.Location?.OriginalString);
        Assert.Contains(path, await person.GetPageAsync("/images"));
    }

    [Fact]
    public async Task An_image_is_described_again_and_keeps_the_owners_words()
    {
        using var person = await App.SignUpAsync();
        var (id, path) = await UploadAsync(person);
        await person.WaitForAnalysisAsync(id);
        await person.GraphQLAsync("mutation($id: ID!) { updateImage(input: { id: $id, description: \"My giraffe\" }) { image { id } } }", new { id });
        var before = await AnalyzedAtAsync(person, id);
        Assert.Contains("Describe again", await person.GetPageAsync(path));

        using var response = await PostAsync(person, path, "again", []);

        Assert.Equal(path, response.Headers.Location?.OriginalString);
        Assert.Equal("COMPLETED", await person.WaitForAnalysisAsync(id));
        Assert.True(await AnalyzedAtAsync(person, id) > before);
        Assert.Equal(("My giraffe", "OWNER"), await DescriptionAsync(person, id));
    }

    [Fact]
    public async Task Deleting_for_good_leaves_no_page()
    {
        using var person = await App.SignUpAsync();
        var (_, path) = await UploadAsync(person);
        using (await PostAsync(person, path, "trash", []))
        {
        }

        using var deleted = await person.PostFormAsync("/trash?handler=delete", new() { ["id"] = path["/images/".Length..] }, "/trash");

        Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);
        Assert.Contains("The trash is empty", await person.GetPageAsync("/trash"));
        using var gone = await person.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Another_account_sees_and_changes_nothing()
    {
        using var owner = await App.SignUpAsync();
        var (id, path) = await UploadAsync(owner);
        using var stranger = await App.SignUpAsync();

        Assert.Contains("Your library is empty", await stranger.GetPageAsync("/images"));
        using var page = await stranger.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        foreach (var handler in new[] { "edit", "tag", "untag", "trash", "favorite", "again" })
        {
            using var response = await stranger.PostFormAsync($"{path}?handler={handler}",
                new() { ["tags"] = "mine", ["tag"] = "mine", ["FileName"] = "mine.jpg", ["isFavorite"] = "true" }, "/upload");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
        foreach (var handler in new[] { "restore", "delete" })
        {
            using var response = await stranger.PostFormAsync($"/trash?handler={handler}", new() { ["id"] = path["/images/".Length..] }, "/upload");
            Assert.Contains("no image with this id", await response.Content.ReadAsStringAsync());
        }
        var image = (await owner.GraphQLAsync("query($id: ID!) { image(id: $id) { fileName isFavorite deletedAt tags { name } } }", new { id })).GetProperty("image");
        Assert.Equal("giraffe.jpg", image.GetProperty("fileName").GetString());
        Assert.False(image.GetProperty("isFavorite").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, image.GetProperty("deletedAt").ValueKind);
        Assert.DoesNotContain(image.GetProperty("tags").EnumerateArray(), t => t.GetProperty("name").GetString() == "mine");
    }

    private static async Task<(string Id, string Path)> UploadAsync(ImageRepoClient person)
    {
        var id = await person.UploadAsync(Photos.Variant(Photos.Giraffe), "giraffe.jpg");
        return (id, ImageRepoClient.PageOf(id));
    }

    private static Task<HttpResponseMessage> PostAsync(ImageRepoClient person, string path, string handler, Dictionary<string, string> fields) =>
        person.PostFormAsync($"{path}?handler={handler}", fields, path);

    private static async Task<DateTimeOffset> AnalyzedAtAsync(ImageRepoClient person, string id) =>
        (await person.GraphQLAsync("query($id: ID!) { image(id: $id) { analysis { analyzedAt } } }", new { id })).GetProperty("image").GetProperty("analysis").GetProperty("analyzedAt").GetDateTimeOffset();

    private static async Task<(string Text, string Source)> DescriptionAsync(ImageRepoClient person, string id)
    {
        var image = (await person.GraphQLAsync("query($id: ID!) { image(id: $id) { description { text source } } }", new { id })).GetProperty("image");
        var description = image.GetProperty("description");
        return (description.GetProperty("text").GetString()!, description.GetProperty("source").GetString()!);
    }
}

public sealed class ImagePageOnFilesTests(ImageRepoApp app) : ImagePageTests<ImageRepoApp>(app);

[Trait("Category", "Full")]
public sealed class ImagePageOnS3Tests(S3App app) : ImagePageTests<S3App>(app);
