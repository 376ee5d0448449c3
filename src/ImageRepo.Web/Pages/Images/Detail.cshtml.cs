using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages.Images;

internal sealed class DetailModel(PageSchema schema) : PageModel
{
    public ImageDetail Image { get; private set; } = null!;

    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>What the person typed, kept while the page tells what is wrong with it.</summary>
    public EditForm Typed { get; private set; } = new(null, null, null);

    public bool IsEditing { get; private set; }

    public Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken) => ShowAsync(id, [], cancellationToken);

    public async Task<IActionResult> OnPostEditAsync(string id, EditForm form, CancellationToken cancellationToken)
    {
        var problems = await UpdateAsync(id, form.Changes(), cancellationToken);
        if (problems is { Count: 0 })
        {
            Notice.Leave(TempData, "Your words are saved.");
            return BackTo(id);
        }
        (Typed, IsEditing) = (form, true);
        return await ShowAsync(id, problems ?? [], cancellationToken);
    }

    public async Task<IActionResult> OnPostFavoriteAsync(string id, bool isFavorite, CancellationToken cancellationToken) =>
        await UpdateAsync(id, new() { ["isFavorite"] = isFavorite }, cancellationToken) is { Count: > 0 } problems
            ? await ShowAsync(id, problems, cancellationToken)
            : BackTo(id);

    public Task<IActionResult> OnPostTagAsync(string id, string? tags, CancellationToken cancellationToken) =>
        RetagAsync(id, "add", (tags ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), cancellationToken);

    public Task<IActionResult> OnPostUntagAsync(string id, string? tag, CancellationToken cancellationToken) =>
        RetagAsync(id, "remove", tag is null ? [] : [tag], cancellationToken);

    public async Task<IActionResult> OnPostAgainAsync(string id, CancellationToken cancellationToken)
    {
        if (!PageImageId.TryRead(id, out var globalId))
        {
            return NotFound();
        }
        var data = await schema.ExecuteAsync<AgainData>("ReanalyzeImages", Input(new() { ["ids"] = new[] { globalId } }), cancellationToken);
        return data.ReanalyzeImages.Errors is { Count: > 0 } errors
            ? await ShowAsync(id, [.. errors.Select(e => e.Message)], cancellationToken)
            : BackTo(id);
    }

    public async Task<IActionResult> OnPostTrashAsync(string id, CancellationToken cancellationToken)
    {
        if (!PageImageId.TryRead(id, out var globalId))
        {
            return NotFound();
        }
        var data = await schema.ExecuteAsync<TrashData>("DeleteImages", Input(new() { ["ids"] = new[] { globalId } }), cancellationToken);
        if (data.DeleteImages.Errors is { Count: > 0 } errors)
        {
            return await ShowAsync(id, [.. errors.Select(e => e.Message)], cancellationToken);
        }
        Notice.Leave(TempData, "Moved to the trash. It stays there for 30 days.", undoTrashOf: id);
        return Redirect("/images");
    }

    private async Task<IActionResult> RetagAsync(string id, string change, string[] tags, CancellationToken cancellationToken)
    {
        if (!PageImageId.TryRead(id, out var globalId))
        {
            return NotFound();
        }
        if (tags.Length == 0)
        {
            return BackTo(id);
        }
        var data = await schema.ExecuteAsync<TagData>("Images/TagImages", Input(new() { ["ids"] = new[] { globalId }, [change] = tags }), cancellationToken);
        return data.TagImages.Errors is { Count: > 0 } errors
            ? await ShowAsync(id, [.. errors.Select(e => e.Message)], cancellationToken)
            : BackTo(id);
    }

    /// <returns>What the schema had against it; null for an id that no image can have.</returns>
    private async Task<IReadOnlyList<string>?> UpdateAsync(string id, Dictionary<string, object?> changes, CancellationToken cancellationToken)
    {
        if (!PageImageId.TryRead(id, out var globalId))
        {
            return null;
        }
        changes["id"] = globalId;
        var data = await schema.ExecuteAsync<UpdateData>("Images/UpdateImage", Input(changes), cancellationToken);
        return [.. (data.UpdateImage.Errors ?? []).Select(e => e.Message)];
    }

    private async Task<IActionResult> ShowAsync(string id, IReadOnlyList<string> problems, CancellationToken cancellationToken)
    {
        if (!PageImageId.TryRead(id, out var globalId))
        {
            return NotFound();
        }
        var data = await schema.ExecuteAsync<DetailData>("Images/Detail", new Dictionary<string, object?> { ["id"] = globalId }, cancellationToken);
        if (data.Image is not { } image)
        {
            return NotFound();
        }
        (Image, Problems) = (image, problems);
        if (!IsEditing)
        {
            Typed = new EditForm(image.FileName, image.AltText, image.Description?.Text, image.FileName, image.AltText, image.Description?.Text);
        }
        return Page();
    }

    private static Dictionary<string, object?> Input(Dictionary<string, object?> input) => new() { ["input"] = input };

    private RedirectResult BackTo(string id) => Redirect($"/images/{Uri.EscapeDataString(id)}");

    /// <summary>The three texts, and what each was when the page was made: only what was changed is saved, so that the analyzer's words don't become the owner's unseen.</summary>
    internal sealed record EditForm(
        string? FileName, string? AltText, string? Description, string? FileNameBefore = null, string? AltTextBefore = null, string? DescriptionBefore = null)
    {
        public Dictionary<string, object?> Changes()
        {
            var changes = new Dictionary<string, object?>();
            Add("fileName", FileNameBefore, FileName);
            Add("altText", AltTextBefore, AltText);
            Add("description", DescriptionBefore, Description);
            return changes;

            void Add(string field, string? before, string? after)
            {
                if (Lines(before) != Lines(after))
                {
                    changes[field] = after;
                }
            }
        }

        // Forms send every line break as two characters.
        private static string Lines(string? text) => (text ?? "").Replace("\r\n", "\n").Trim();
    }

    internal sealed record DetailData(ImageDetail? Image);

    internal sealed record UpdateData(Payload UpdateImage);

    internal sealed record TagData(Payload TagImages);

    internal sealed record AgainData(Payload ReanalyzeImages);

    internal sealed record TrashData(Payload DeleteImages);

    internal sealed record Payload(IReadOnlyList<PayloadError>? Errors);
}
