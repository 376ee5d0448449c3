using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages;

/// <summary>Brings in an image from a web address, without scripts.</summary>
internal sealed class ImportModel(PageSchema schema) : PageModel
{
    /// <summary>What the upload page's script sends: the same document.</summary>
    public static string Document => PageDocuments.Read("Import");

    public string Address { get; private set; } = "";

    public IReadOnlyList<string> Problems { get; private set; } = [];

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(string? url, CancellationToken cancellationToken)
    {
        Address = url?.Trim() ?? "";
        if (!Uri.TryCreate(Address, UriKind.Absolute, out _))
        {
            return Show("Write the whole address of a picture, beginning with https://.");
        }
        try
        {
            var payload = (await schema.ExecuteAsync<ImportData>("Import", new Dictionary<string, object?> { ["url"] = Address }, cancellationToken)).ImportImage;
            if (payload.Image is not { } image)
            {
                return Show([.. (payload.Errors ?? []).Select(e => e.Message)]);
            }
            Notice.Leave(TempData, payload.IsDuplicate == true ? "This picture is in your library already."
                : payload.SamePicture is { } same ? $"Fetched. The same picture with other metadata is already here: {same.FileName}."
                : "Fetched. It is in your library now.");
            return Redirect($"/images/{image.PageId}");
        }
        catch (SchemaRefusedException e) when (e.Reason is { } message)
        {
            return Show(message);
        }
    }

    private PageResult Show(params IReadOnlyList<string> problems)
    {
        Problems = problems;
        return Page();
    }

    private sealed record ImportData(ImportPayload ImportImage);

    private sealed record ImportPayload(UploadedCard? Image, bool? IsDuplicate, SamePicture? SamePicture, IReadOnlyList<PayloadError>? Errors);
}
