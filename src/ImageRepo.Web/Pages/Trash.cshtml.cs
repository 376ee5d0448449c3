using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages;

internal sealed class TrashModel(PageSchema schema) : PageModel
{
    private const int PageSize = 30;

    public TrashList Images { get; private set; } = null!;
    public IReadOnlyList<string> Problems { get; private set; } = [];
    public string? OlderAddress { get; private set; }
    public string? NewerAddress { get; private set; }

    public Task<IActionResult> OnGetAsync(string? after, string? before, CancellationToken cancellationToken) => ShowAsync(after, before, cancellationToken);

    public async Task<IActionResult> OnPostRestoreAsync(string? id, bool returnToImage, CancellationToken cancellationToken)
    {
        if (!PageImageId.TryRead(id, out var globalId))
        {
            return NotFound();
        }
        var data = await schema.ExecuteAsync<RestoreData>("RestoreImages", Input(new() { ["ids"] = new[] { globalId } }), cancellationToken);
        if (data.RestoreImages.Errors is { Count: > 0 } errors)
        {
            return await ShowProblemsAsync(errors, cancellationToken);
        }
        Notice.Leave(TempData, "Restored to your library.");
        return Redirect(returnToImage ? $"/images/{Uri.EscapeDataString(id!)}" : "/trash");
    }

    public async Task<IActionResult> OnPostDeleteAsync(string? id, CancellationToken cancellationToken)
    {
        if (!PageImageId.TryRead(id, out var globalId))
        {
            return NotFound();
        }
        var input = Input(new() { ["ids"] = new[] { globalId }, ["permanently"] = true });
        var data = await schema.ExecuteAsync<DeleteData>("DeleteImages", input, cancellationToken);
        if (data.DeleteImages.Errors is { Count: > 0 } errors)
        {
            return await ShowProblemsAsync(errors, cancellationToken);
        }
        Notice.Leave(TempData, "Deleted for good.");
        return Redirect("/trash");
    }

    private Task<IActionResult> ShowProblemsAsync(IReadOnlyList<PayloadError> errors, CancellationToken cancellationToken)
    {
        Problems = [.. errors.Select(e => e.Message)];
        return ShowAsync(null, null, cancellationToken);
    }

    private async Task<IActionResult> ShowAsync(string? after, string? before, CancellationToken cancellationToken)
    {
        var isBackwards = !string.IsNullOrEmpty(before);
        var variables = new Dictionary<string, object?> { [isBackwards ? "last" : "first"] = PageSize };
        if (isBackwards || !string.IsNullOrEmpty(after))
        {
            variables[isBackwards ? "before" : "after"] = isBackwards ? before : after;
        }
        try
        {
            Images = (await schema.ExecuteAsync<TrashData>("Trash", variables, cancellationToken)).Images;
        }
        catch (SchemaRefusedException e) when (e.IsForInvalidCursor)
        {
            return Redirect("/trash");
        }
        OlderAddress = Images.PageInfo is { HasNextPage: true, EndCursor: { } end } ? $"/trash?after={Uri.EscapeDataString(end)}" : null;
        NewerAddress = Images.PageInfo is { HasPreviousPage: true, StartCursor: { } start } ? $"/trash?before={Uri.EscapeDataString(start)}" : null;
        return Page();
    }

    private static Dictionary<string, object?> Input(Dictionary<string, object?> input) => new() { ["input"] = input };

    internal sealed record TrashData(TrashList Images);

    internal sealed record TrashList(int TotalCount, PageInfoData PageInfo, IReadOnlyList<ImageCard> Nodes);

    internal sealed record RestoreData(Payload RestoreImages);

    internal sealed record DeleteData(Payload DeleteImages);

    internal sealed record Payload(IReadOnlyList<PayloadError>? Errors);
}
