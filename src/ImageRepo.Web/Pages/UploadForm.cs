using System.Security.Claims;
using ImageRepo.Domain;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageRepo.Web.Pages;

/// <summary>Reads the upload page's form while it arrives: first its token, then file by file, each uploaded before the next is read.</summary>
internal sealed class UploadForm(ImageUploader uploader, PageSchema schema, IAntiforgery antiforgery, ImageLimits limits, Outages outages)
{
    private const int MaxFiles = 100;
    private const int TokenMaxBytes = 4096;
    private const int BoundaryMaxLength = 100;
    private const string FilesField = "files";

    public async Task<UploadFormResult> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // Before the first byte is read, since it is fixed then. Each file is limited while it streams; the form is as long as its files.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = MaxFiles * (limits.UploadBytes + TokenMaxBytes);
        }
        if (Reader(context.Request) is not { } reader || !await IsGenuineAsync(context, reader, cancellationToken))
        {
            return new UploadFormResult(IsGenuine: false, [], []);
        }
        var outcomes = new List<FileOutcome>();
        try
        {
            return new UploadFormResult(IsGenuine: true, outcomes, await ReadFilesAsync(context, reader, outcomes, cancellationToken));
        }
        catch (BrokenFormException)
        {
            return new UploadFormResult(IsGenuine: true, outcomes, ["The form arrived incomplete or damaged. Please send again what is not listed as uploaded."]);
        }
    }

    /// <returns>What is to be said about the form as a whole.</returns>
    private async Task<IReadOnlyList<string>> ReadFilesAsync(
        HttpContext context, MultipartReader reader, List<FileOutcome> outcomes, CancellationToken cancellationToken)
    {
        while (await FormPart.NextAsync(reader, cancellationToken) is { } section)
        {
            // A form without a chosen file sends one without a name.
            if (section.AsFileSection() is not { Name: FilesField, FileName.Length: > 0 } file)
            {
                continue;
            }
            if (outcomes.Count == MaxFiles)
            {
                return [$"Only the first {MaxFiles} files were read. Please send the rest again."];
            }
            var outcome = await UploadAsync(Owner(context.User), file, cancellationToken);
            outcomes.Add(outcome);
            if (outcome.IsTooLarge)
            {
                // What follows lies behind the rest of that file, which may be of any length: it is not read.
                return ["The files after that one were not read. Please send them again without it."];
            }
        }
        return outcomes.Count == 0 ? ["Choose one or more images first."] : [];
    }

    private static MultipartReader? Reader(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= BoundaryMaxLength } boundary
            ? new MultipartReader(boundary.ToString(), request.Body)
            : null;

    /// <summary>The token is the form's first field, so that nothing is read for a page of another site.</summary>
    private async Task<bool> IsGenuineAsync(HttpContext context, MultipartReader reader, CancellationToken cancellationToken)
    {
        var tokens = antiforgery.GetTokens(context);
        var buffer = new byte[TokenMaxBytes];
        var length = await ReadTokenAsync(reader, tokens.FormFieldName, buffer, cancellationToken);
        if (length is 0 or TokenMaxBytes)
        {
            return false;
        }
        // From a header the token is validated without a look at the form.
        context.Request.Headers[tokens.HeaderName!] = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        return await antiforgery.IsRequestValidAsync(context);
    }

    /// <returns>Its length; 0 when the form does not begin with one.</returns>
    private static async Task<int> ReadTokenAsync(MultipartReader reader, string fieldName, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (await FormPart.NextAsync(reader, cancellationToken) is not { } first || first.AsFormDataSection() is not { } field || field.Name != fieldName)
            {
                return 0;
            }
            await using var content = new FormPart(first.Body);
            return await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (BrokenFormException)
        {
            return 0;
        }
    }

    private async Task<FileOutcome> UploadAsync(OwnerId owner, FileMultipartSection file, CancellationToken cancellationToken)
    {
        var fileName = ImageFileName.FromUpload(file.FileName);
        object staged;
        await using var content = new FormPart(file.Section.Body);
        try
        {
            staged = await uploader.StageAsync(owner, fileName, content, cancellationToken);
        }
        catch (DomainException e)
        {
            staged = e;
        }
        catch (Exception e) when (outages.Of(e) is { } away)
        {
            // The files before this one are uploaded, and their sender learns that.
            staged = away;
        }
        try
        {
            var data = await schema.ExecuteAsync<UploadData>("Upload", new Dictionary<string, object?> { ["file"] = staged }, cancellationToken);
            return data.UploadImage switch
            {
                { Errors: [var error, ..] } => new FileOutcome(fileName, null, false, error.Message, staged is ImageTooLargeException),
                { Image: { } image, IsDuplicate: var isDuplicate } => new FileOutcome(fileName, image, isDuplicate == true, null, false) { SamePicture = data.UploadImage.SamePicture },
                _ => throw new InvalidOperationException("uploadImage gave neither an image nor an error."),
            };
        }
        catch (SchemaRefusedException e) when (e.Reason is { } message)
        {
            return new FileOutcome(fileName, null, false, message, false);
        }
    }

    private static OwnerId Owner(ClaimsPrincipal user) => new(Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? throw new InvalidOperationException("The page is for signed-in people alone.")));

    private sealed record UploadData(UploadPayload UploadImage);

    private sealed record UploadPayload(UploadedCard? Image, bool? IsDuplicate, SamePicture? SamePicture, IReadOnlyList<PayloadError>? Errors);
}

/// <param name="IsGenuine">False when the form was not made by this product for this person; nothing was read then.</param>
internal sealed record UploadFormResult(bool IsGenuine, IReadOnlyList<FileOutcome> Outcomes, IReadOnlyList<string> Problems);

/// <param name="Problem">Why it was not uploaded, in words; null when it was.</param>
internal sealed record FileOutcome(string FileName, UploadedCard? Image, bool IsDuplicate, string? Problem, bool IsTooLarge)
{
    /// <summary>An image that was there before and shows the same.</summary>
    public SamePicture? SamePicture { get; init; }
}

internal sealed record SamePicture(string Id, string FileName)
{
    public string PageId => PageImageId.Write(Id);
}

internal sealed record UploadedCard(string Id, string FileName, SignedUrl Thumbnail)
{
    public string PageId => PageImageId.Write(Id);
}
