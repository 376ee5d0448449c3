namespace ImageRepo.Domain.Images;

/// <summary>What the owner says about an image while uploading it, checked.</summary>
public sealed record UploadDetails
{
    private UploadDetails(string? altText, string? description, IReadOnlyList<TagName> tags) =>
        (AltText, Description, Tags) = (altText, description, tags);

    public string? AltText { get; }
    public string? Description { get; }
    public IReadOnlyList<TagName> Tags { get; }

    public static UploadDetails None { get; } = new(null, null, []);

    /// <exception cref="InvalidTagException">A tag is empty, too long, or there are more than <see cref="ImageLimits.TagsPerImage"/>.</exception>
    /// <exception cref="InvalidTextException">A text is too long or holds what can't be stored.</exception>
    public static UploadDetails Parse(string? altText, string? description, IReadOnlyList<string>? tags, ImageLimits limits)
    {
        var names = (tags ?? []).Select(TagName.Parse).Distinct().ToList();
        if (names.Count > limits.TagsPerImage)
        {
            throw new InvalidTagException(names[limits.TagsPerImage].Value, $"{names.Count} tags were given; an image can have at most {limits.TagsPerImage}.");
        }
        return new UploadDetails(
            PlainText.Clean(altText, "altText", PlainText.AltTextMaxLength),
            PlainText.Clean(description, "description", PlainText.DescriptionMaxLength),
            names);
    }
}
