namespace ImageRepo.Web.Schema;

// What the documents below Pages ask for, by the schema's names.

internal sealed record SignedUrl(string Url, int? Width, int? Height);

internal sealed record ImageTagData(string Name, string Source);

internal sealed record ImageColorData(string Hex, string Name, double Share);

internal sealed record AnalysisData(string Status, string? Failure)
{
    public bool IsUnderway => Status is "PENDING" or "RUNNING";
    public bool HasFailed => Status is "FAILED";
}

internal sealed record DescriptionData(string Text, string Source);

internal sealed record PayloadError(string Message);

/// <summary>An image as galleries show it.</summary>
internal sealed record ImageCard(
    string Id, string FileName, string? AltText, int Width, int Height, string? Placeholder, bool IsFavorite, DescriptionData? Description,
    IReadOnlyList<ImageTagData> Tags, IReadOnlyList<ImageColorData> Colors, AnalysisData Analysis, SignedUrl Small, SignedUrl Medium)
{
    public string PageId => PageImageId.Write(Id);

    public string Alt => AltText ?? $"Not described yet: {FileName}";

    /// <summary>The class that gives the frame its shape: the ratio in steps of 10 %, since a strict content security policy allows no style attribute.</summary>
    public string RatioClass => $"ratio-{Math.Clamp((int)Math.Round((double)Width / Height * 10) * 10, 50, 250)}";
}

internal sealed record PageInfoData(bool HasNextPage, bool HasPreviousPage, string? StartCursor, string? EndCursor);
