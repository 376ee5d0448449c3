using ImageRepo.Domain.Images;
using ImageRepo.Domain.Pictures;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages;

/// <summary>
/// Uploads without scripts. The form is read as it streams in and each file goes straight into the encrypted store: what the framework
/// would buffer on the disk would be plaintext there. So neither model binding nor the antiforgery filter may touch the form.
/// </summary>
[IgnoreAntiforgeryToken, StreamedForm]
internal sealed class UploadModel(ImageLimits limits) : PageModel
{
    public static string AcceptedTypes { get; } = string.Join(',', ImageFormats.SupportedTypes) + ",.heic,.heif";

    public long MaxBytes => limits.UploadBytes;

    /// <summary>What the browser's own uploads send: the same document.</summary>
    public static string Document => PageDocuments.Read("Upload");

    /// <summary>How it begins and completes large files, which it sends in parts.</summary>
    public static string BeginDocument => PageDocuments.Read("UploadBegin");

    public static string CompleteDocument => PageDocuments.Read("UploadComplete");

    public IReadOnlyList<FileOutcome> Outcomes { get; private set; } = [];

    public IReadOnlyList<string> Problems { get; private set; } = [];

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync([FromServices] UploadForm form, CancellationToken cancellationToken)
    {
        var result = await form.ReadAsync(HttpContext, cancellationToken);
        if (!result.IsGenuine)
        {
            return BadRequest();
        }
        (Outcomes, Problems) = (result.Outcomes, result.Problems);
        return Page();
    }
}
